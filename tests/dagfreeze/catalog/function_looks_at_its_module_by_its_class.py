"""A method finds the functions of its file by the module of its class."""
# expect: refused: __module__

import sys

from airflow.sdk import DAG, task


class Steps:
    def run(self, name):
        return getattr(sys.modules[self.__module__], name)()


def load():
    return 1


STEPS = Steps()

with DAG("function_looks_at_its_module_by_its_class", schedule=None):

    @task
    def run():
        return STEPS.run("load")

    run()
