"""A builder class with methods that chain; it keeps configuration, and closures over it become tasks."""
# expect: frozen

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, TaskGroup

CONFIGURATION = {
    "sales": {"tables": ["a", "b"], "limit": 5},
    "stock": {"tables": ["c"], "limit": None, "group": True},
}


class Builder:
    def __init__(self, name, configuration):
        self.configuration = configuration
        self.dag = DAG(f"dag_by_builder_{name}", schedule=None, doc_md=f"# {name}")

    def task(self, table, group=None):
        configuration = self.configuration

        def copy(limit=configuration["limit"]):
            return table, limit, configuration["tables"]

        PythonOperator(task_id=f"copy_{table}", python_callable=copy, dag=self.dag, task_group=group)
        return self

    def tasks(self):
        group = TaskGroup("tables", dag=self.dag) if self.configuration.get("group") else None
        for table in self.configuration["tables"]:
            self.task(table, group)
        return self


for name, configuration in CONFIGURATION.items():
    globals()[name] = Builder(name, configuration).tasks().dag
