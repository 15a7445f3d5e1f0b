"""Params: plain values, Param with JSON schema, nulls, at the task, with keys that are no identifiers."""
# expect: frozen

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, Param

with DAG(
    "params_and_schema",
    schedule=None,
    params={
        "plain": 3,
        "nothing": None,
        "text": "a",
        "list": [1, [2, {"a": ()}]],
        "with space": Param(
            5, type=["integer", "null"], minimum=1, title="A size", description="In **metres**"
        ),
        "choice": Param(
            "a", enum=["a", "b"], examples=["a"], values_display={"a": "The first"}, section="More"
        ),
        "object": Param(
            {"x": 1}, schema={"type": "object", "required": ["x"], "additionalProperties": False}
        ),
        "optional": Param(None, type=["null", "string"], const=None),
        "moment": Param("2026-01-01T00:00:00+00:00", type="string", format="date-time"),
        "required": Param(type="string", minLength=2),
    },
):
    BashOperator(
        task_id="say", bash_command="echo {{ params['with space'] }}", params={"own": Param(1.5, maximum=2)}
    )
