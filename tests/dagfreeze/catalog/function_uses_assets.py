"""A function that uses an asset, a param and a connection's name as globals, as documentation shows it."""
# expect: frozen

from airflow.sdk import DAG, Asset, Param, task

RAW = Asset("raw", uri="x://shop/raw", extra={"k": 1})
CONN = "shop_default"
LIMIT = Param(3, type="integer", minimum=1)

with DAG("function_uses_assets", schedule=[RAW], params={"limit": LIMIT}):

    @task(inlets=[RAW], outlets=[RAW])
    def work(*, inlet_events=None, outlet_events=None, params=None):
        outlet_events[RAW].extra = {"conn": CONN, "limit": params["limit"], "default": LIMIT.value}
        return inlet_events[RAW][-1].extra

    work()
