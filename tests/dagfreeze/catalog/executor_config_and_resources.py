"""What executors take: dicts, resources, queues, run_as_user, executor names, timeouts, map limits."""
# expect: frozen

from datetime import timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, task


def repr_of(x):
    return repr(x)


with DAG("executor_config_and_resources", schedule=None):
    BashOperator(
        task_id="shell",
        bash_command="true",
        executor_config={
            "overrides": {"cpu": 1, "env": [("A", "1")], "set": {3, 1, 2}, "bytes": b"\x00\xff"}
        },
        resources={"cpus": 2, "ram": 1024},
        run_as_user="nobody",
        execution_timeout=timedelta(seconds=90),
        max_active_tis_per_dag=2,
        max_active_tis_per_dagrun=1,
        pool_slots=3,
        allow_nested_operators=False,
        do_xcom_push=False,
        task_display_name="A shell 🐚",
        logger_name="shell.of.mine",
    ) >> task(executor="LocalExecutor", queue="q")(repr_of)("done")
