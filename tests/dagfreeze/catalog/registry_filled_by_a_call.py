"""A registry that a loop fills besides the decorator: the written file would not."""
# expect: refused: what was written

from airflow.sdk import DAG, task

PLUGINS = {}


def plugin(kind):
    PLUGINS[kind.__name__] = kind
    return kind


@plugin
class Load:
    def run(self):
        return "loaded"


for name in ["a", "b"]:
    PLUGINS[name] = Load

with DAG("registry_filled_by_a_call", schedule=None):

    @task
    def go(name):
        return PLUGINS[name]().run()

    go("a")
