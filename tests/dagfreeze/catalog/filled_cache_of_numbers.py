"""A cache keeps a number of something that has changed since."""
# expect: refused: in its cache

from functools import cache

from airflow.sdk import DAG, task

ITEMS = [1, 2]


@cache
def count():
    return len(ITEMS)


count()
ITEMS.append(3)

with DAG("filled_cache_of_numbers", schedule=None):

    @task
    def counted():
        return count()

    counted()
