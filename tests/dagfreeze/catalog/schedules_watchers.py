"""Assets that a trigger watches."""
# expect: frozen

from datetime import timedelta

from airflow.providers.standard.triggers.file import FileDeleteTrigger
from airflow.sdk import DAG, Asset, AssetWatcher, task

inbox = Asset(
    "inbox",
    watchers=[AssetWatcher(name="file", trigger=FileDeleteTrigger(filepath="/tmp/inbox", poke_interval=2.5))],
)

with DAG("schedules_watchers", schedule=[inbox], dagrun_timeout=timedelta(minutes=1)):

    @task
    def look(triggering_asset_events=None):
        print(triggering_asset_events)

    look()
