"""Registries that a decorator of classes and a base class fill: the written file fills them again."""
# expect: frozen

from airflow.sdk import DAG, task

PLUGINS = {}
STEPS = {}  # by their names


def plugin(kind):
    PLUGINS[kind.__name__] = kind
    return kind


@plugin
class Load:
    def run(self):
        return "loaded"


class Step:
    name = None

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        STEPS[cls.name] = cls


class Extract(Step):
    name = "extract"


with DAG("registry_of_classes", schedule=None):

    @task
    def go(name):
        return PLUGINS[name]().run(), STEPS["extract"]

    go("Load")
