"""Templates that become Python objects, and one that must not (literal)."""
# expect: frozen

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, literal

with DAG("dag_native_objects", schedule=None, render_template_as_native_obj=True):
    PythonOperator(
        task_id="look",
        python_callable=print,
        op_args=["{{ [1, 2] }}", literal("{{ not_a_template }}")],
        op_kwargs={"sep": "{{ none }}"},
        templates_dict={"a": "{{ {'b': ds} }}"},
        templates_exts=[".sql"],
        show_return_value_in_logs=False,
    )
