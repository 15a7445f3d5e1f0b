"""A class keeps its DAGs in a registry, and tasks call one of its methods."""
# expect: refused: attribute registry holds DAGs of the factory

from airflow.sdk import DAG, task


class Factory:
    registry = {}

    @classmethod
    def make(cls, name):
        with DAG(f"registry_of_dags_{name}", schedule=None) as dag:

            @task
            def work():
                return cls.doubled(name)

            work()
        cls.registry[name] = dag

    @staticmethod
    def doubled(name):
        return name * 2


for name in ("a", "b"):
    Factory.make(name)
globals().update(Factory.registry)
