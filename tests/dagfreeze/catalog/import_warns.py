"""Warns while it is imported, and turns warnings into errors for whoever comes later."""
# expect: frozen

import warnings

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

warnings.warn("this file is old", DeprecationWarning, stacklevel=1)
warnings.simplefilter("error")

with DAG("import_warns", schedule=None):
    EmptyOperator(task_id="nothing")
