"""Classic operators with partial and expand: defaults from the DAG, from the group and from partial."""
# expect: frozen

from datetime import timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, TaskGroup


def kwargs_for(count):
    return [{"bash_command": f"echo {n}", "env": {"N": str(n)}} for n in range(count)]


with DAG("operators_mapped", schedule=None, default_args={"retries": 5, "env": {"FROM": "dag"}}):
    listing = BashOperator(task_id="listing", bash_command="echo '[1, 2]'", do_xcom_push=True)
    with TaskGroup("group", default_args={"pool": "slow", "retries": 6}):
        BashOperator.partial(task_id="commands", retry_delay=timedelta(seconds=3), env={"A": "1"}).expand(
            bash_command=["true", "echo {{ ds }}", listing.output]
        )
    BashOperator.partial(task_id="kwargs", append_env=True, doc_md="mapped").expand_kwargs(kwargs_for(2))
    mapped = PythonOperator.partial(
        task_id="functions", python_callable=lambda a, b: a * b, op_kwargs={"b": 3}, max_active_tis_per_dag=1
    ).expand(op_args=[[1], [2]])
    listing >> mapped
    mapped.operator_class
    PythonOperator.partial(task_id="callables").expand(python_callable=[print, kwargs_for], op_args=[[1]])
