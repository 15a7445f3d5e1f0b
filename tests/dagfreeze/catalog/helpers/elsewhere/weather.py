"""Is found only by who puts this folder on sys.path."""

from airflow.sdk import BaseOperator


class Forecast(BaseOperator):
    def execute(self, context):
        return "sun"


def is_sunny() -> bool:
    return True
