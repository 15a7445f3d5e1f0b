"""Imports a helper beside it by a relative name: a DAG file is no package."""
# expect: import error

from airflow.sdk import DAG

from .helpers import ready_made

dag = DAG("import_relative", schedule=None, description=ready_made.GREETING)
