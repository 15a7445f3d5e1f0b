"""A list of a configuration is what a task is expanded over, and part of what its function keeps."""
# expect: frozen

from airflow.sdk import DAG, task

CONFIG = {"orders": {"tables": ["a", "b"]}, "users": {"tables": []}}

for name, config in CONFIG.items():
    with DAG(f"mapped_over_what_its_function_has_{name}", schedule=None):

        @task
        def load(table, config=config):
            return table, len(config["tables"])

        load.expand(table=config["tables"])
