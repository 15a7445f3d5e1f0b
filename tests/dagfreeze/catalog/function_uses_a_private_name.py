"""A task within a method uses a name that Python changes inside of a class."""
# expect: refused: __table, which means something else outside of its class

from airflow.sdk import DAG, task


class Builder:
    def __init__(self, table):
        self.__table = table

    def build(self):
        with DAG("function_uses_a_private_name", schedule=None) as dag:

            @task
            def load():
                return self.__table

            load()
        return dag


dag = Builder("orders").build()
