"""Assets in schedules, inlets and outlets: and, or, aliases, lists, names only, extras, groups."""
# expect: frozen

from airflow.sdk import (
    DAG,
    Asset,
    AssetAlias,
    AssetAll,
    AssetAny,
    AssetOrTimeSchedule,
    CronTriggerTimetable,
    Metadata,
    task,
)

orders = Asset("s3://shop/orders.parquet", extra={"team": "shop", "levels": [1, {"a": None}]})
prices = Asset(name="prices", uri="file:///data/prices.csv", group="market")
names = Asset("only a name")
late = AssetAlias("late_orders", group="market")

with DAG("schedules_assets_list", schedule=[orders, prices]):

    @task(inlets=[orders, prices], outlets=[names, late])
    def write(outlet_events=None):
        outlet_events[late].add(orders)
        yield Metadata(names, {"rows": 3})

    write()

both = DAG("schedules_assets_both", schedule=orders & prices)
nested = DAG("schedules_assets_nested", schedule=(orders | (prices & names)) | late)
flat = DAG("schedules_assets_flat", schedule=AssetAll(AssetAny(orders, names), prices, names))
one = DAG("schedules_assets_one", schedule=names)
alias = DAG("schedules_assets_alias", schedule=[late])
timed = DAG(
    "schedules_assets_or_time",
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable("0 9 * * *", timezone="UTC"), assets=[orders, late]
    ),
)
