"""A cache that the factory has used, and emptied again."""
# expect: frozen

from functools import lru_cache

from airflow.sdk import DAG, task


@lru_cache
def slug(name):
    return name.lower().replace(" ", "_")


with DAG(slug("Filled cache emptied"), schedule=None):

    @task
    def name(of="A b"):
        return slug(of)

    name()

slug.cache_clear()
