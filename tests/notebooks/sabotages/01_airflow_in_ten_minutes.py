"""Every claim of its lesson, in the order in which it makes them, with the edit that makes it false."""

from support.sabotage import Sabotage

SABOTAGES = [
    Sabotage(
        "the sensor held a worker slot until the delivery arrived",
        'run.wait_until("running", 1)',
        r"""
(deliveries / "orders.csv").write_text("order,amount\n")
run.wait_until("success", 1)
""",
    ),
    Sabotage(
        "the second sensor waits without a worker slot",
        'airflow.publish(here.name, DAGS / "first")',
        """
text = (DAGS / "first" / "one_of_each.py").read_text().replace("deferrable=True", "deferrable=False")
(here / "first").mkdir()
(here / "first" / "one_of_each.py").write_text(text)
(deliveries / "approved").touch()
airflow.publish(here.name, here / "first")
""",
    ),
    Sabotage(
        "the task found the delivery through the connection and counted its 3 orders",
        "2,20\\n3,30\\n",
        "2,20\\n",
    ),
]
