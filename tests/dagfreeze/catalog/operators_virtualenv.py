"""Functions that run in an environment of their own, as operators and as decorators."""
# expect: frozen

from airflow.providers.standard.operators.python import ExternalPythonOperator, PythonVirtualenvOperator
from airflow.sdk import DAG, task


def versions(names, *, strict=False):
    import importlib.metadata

    return {name: importlib.metadata.version(name) for name in names if strict or name}


with DAG("operators_virtualenv", schedule=None):

    @task.virtualenv(requirements=["tabulate==0.9.0"], system_site_packages=False, python_version="3.11")
    def table(rows: list) -> str:
        from tabulate import tabulate

        return tabulate(rows)

    @task.external_python(python="/usr/bin/python3", expect_airflow=False)
    def outside():
        import sys

        return sys.version

    @task.branch_virtualenv(requirements=[], venv_cache_path="/var/tmp/venvs")
    def where():
        return "classic"

    classic = PythonVirtualenvOperator(
        task_id="classic",
        python_callable=versions,
        op_args=[["pip"]],
        op_kwargs={"strict": True},
        requirements="tabulate\nsix",
        env_vars={"LANG": "C"},
    )
    external = ExternalPythonOperator(task_id="external", python="/usr/bin/python3", python_callable=versions)
    table([[1, 2]]) >> outside() >> where() >> [classic, external]
