"""What is registered weakly while the file is imported; something else keeps it alive."""
# expect: refused: weakly since the file was imported

import weakref

from airflow.sdk import DAG, task


class Part:
    pass


PART = Part()
PARTS = weakref.WeakSet([PART])

with DAG("value_kept_weakly", schedule=None):

    @task
    def count():
        return len(PARTS)

    count()
