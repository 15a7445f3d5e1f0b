"""Assets or times in the timetable of Airflow's core: it copies the assets that it is given."""
# expect: frozen

from datetime import datetime

from airflow.sdk import DAG, Asset, AssetAlias
from airflow.timetables.assets import AssetOrTimeSchedule
from airflow.timetables.trigger import CronTriggerTimetable

orders = Asset("s3://shop/orders.parquet", extra={"team": "shop"})
prices = Asset(name="prices", uri="file:///data/prices.csv", group="market")
late = AssetAlias("late_orders", group="market")

CONDITIONS = {
    "and": orders & prices,
    "or": orders | (prices & Asset.ref(name="names")) | Asset.ref(uri="s3://shop/items"),
    "list": [orders, prices],
    "alias": orders | late,
    "one": prices,
}

for name, condition in CONDITIONS.items():
    every_night = CronTriggerTimetable("0 1 * * *", timezone="UTC")
    with DAG(
        f"schedules_assets_of_core_{name}",
        schedule=AssetOrTimeSchedule(timetable=every_night, assets=condition),
        start_date=datetime(2026, 1, 1),
    ):
        pass
