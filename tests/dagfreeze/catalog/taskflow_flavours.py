"""Every decorator that needs no package of its own."""
# expect: frozen

from airflow.sdk import DAG, PokeReturnValue, task

with DAG("taskflow_flavours", schedule=None):

    @task.branch
    def which(n: int):
        return ["shell"] if n else "flow"

    @task.short_circuit(ignore_downstream_trigger_rules=False)
    def go_on() -> bool:
        return True

    @task.sensor(poke_interval=5, timeout=60, mode="reschedule")
    def wait_for(n: int) -> PokeReturnValue:
        return PokeReturnValue(is_done=n > 0, xcom_value=n)

    @task.bash(env={"A": "1"}, append_env=True)
    def shell(text: str) -> str:
        return f"echo {text} {{{{ ds }}}} $A"

    @task.python(show_return_value_in_logs=False)
    def flow(**context) -> str:
        return str(context["ds"])

    @task
    async def slowly(seconds: float = 0.1) -> float:
        import asyncio

        await asyncio.sleep(seconds)
        return seconds

    which(wait_for(1)) >> [shell("a"), flow()]
    go_on() >> slowly() >> slowly(0.2)
