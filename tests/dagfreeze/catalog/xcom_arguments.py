"""XComs of other tasks deep in arguments: in dicts, lists, tuples, text, with keys, from classic operators."""
# expect: frozen

from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, XComArg, task


def use(*args, **kwargs):
    print(args, kwargs)


with DAG("xcom_arguments", schedule=None):
    made = BashOperator(task_id="made", bash_command="echo 1")

    @task(multiple_outputs=True)
    def parts():
        return {"left": 1, "right": {"deep": 2}}

    both = parts()
    PythonOperator(
        task_id="nested",
        python_callable=use,
        op_args=[made.output, (both["left"], [both["right"]]), {"k": made.output["some key"]}],
        op_kwargs={"a": {"b": [{"c": XComArg(made, "other")}]}, "text": f"value: {made.output}"},
    )
    BashOperator(task_id="shell", bash_command=made.output, env={"X": both["left"], "Y": "{{ ds }}"})
    made.output >> PythonOperator(task_id="after", python_callable=use)
    both["left"] >> BashOperator(task_id="after_part", bash_command="true")
