"""Closures of several tasks over one configuration, an own callback for all, and an argument that a function knows."""
# expect: frozen

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG


class Notify:
    def __init__(self, channel):
        self.channel = channel
        self.seen = []

    def __call__(self, context):
        self.seen.append(self.channel)


class Unset:
    pass


UNSET = Unset()


def load(config, limit):
    def run(limit=limit):
        return config["table"], limit is UNSET

    def alert(context):
        print(config["owner"])

    return run, alert


for table in ("orders", "stock"):
    config = {"table": table, "owner": "data", "rows": []}
    notify = Notify(table)
    with DAG(f"identity_between_tasks_{table}", default_args={"on_retry_callback": notify}):
        for part in range(3):
            run, alert = load(config, UNSET)
            PythonOperator(
                task_id=f"load_{part}",
                python_callable=run,
                op_kwargs={"limit": UNSET},
                on_failure_callback=[alert, notify],
            )
