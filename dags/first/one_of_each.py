"""One small thing of each: a sensor, a sensor that waits in the triggerer, and an operator with a hook."""

from datetime import timedelta
from pathlib import Path

from airflow.providers.standard.hooks.filesystem import FSHook
from airflow.providers.standard.sensors.filesystem import FileSensor
from airflow.sdk import DAG, task

AGAIN = {"retries": 2, "retry_delay": timedelta(seconds=1)}  # for a task that fails

with DAG("one_of_each", schedule=None, default_args=AGAIN):
    # A sensor waits for something outside Airflow. This one looks every second, in a worker slot.
    delivery = FileSensor(
        task_id="wait_for_delivery", fs_conn_id="deliveries", filepath="orders.csv", poke_interval=1
    )

    # A deferrable sensor gives its slot back, and the triggerer looks instead.
    approval = FileSensor(
        task_id="wait_for_approval",
        fs_conn_id="deliveries",
        filepath="approved",
        poke_interval=1,
        deferrable=True,
    )

    # An operator does something. The hook knows how to reach the outside, the connection knows where it is.
    @task
    def count_orders() -> int:
        folder = Path(FSHook("deliveries").get_path())
        _header, *orders = (folder / "orders.csv").read_text().splitlines()
        return len(orders)

    delivery >> approval >> count_orders()
