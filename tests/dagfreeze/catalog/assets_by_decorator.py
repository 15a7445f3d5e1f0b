"""@asset and @asset.multi: a DAG from a function, without a DAG in sight."""
# expect: frozen

from airflow.sdk import Asset, asset


@asset(schedule="@daily", uri="s3://shop/raw", tags=["shop"], extra={"a": 1})
def raw_orders():
    """What came in."""
    return [1, 2]


@asset(schedule=raw_orders, name="clean-orders")
def clean_orders(context, raw_orders: Asset):
    print(context["inlet_events"][raw_orders])


@asset.multi(schedule=None, outlets=[Asset("left half"), Asset("right half")])
def halves():
    pass
