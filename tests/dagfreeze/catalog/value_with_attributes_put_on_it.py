"""Attributes put on a member of an enum while the file is imported; the class made it without them."""
# expect: refused: .handlers

import enum

from airflow.sdk import DAG, task


class Level(enum.Enum):
    LOW = "low"

    def __init__(self, value):
        self.handlers = []


Level.LOW.handlers.append("mail")

with DAG("value_with_attributes_put_on_it", schedule=None):

    @task
    def notify():
        return Level.LOW.handlers

    notify()
