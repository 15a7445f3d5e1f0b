"""Puts a folder on sys.path; a function and an operator class come from a module that only then is found."""
# expect: refused: weather

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "helpers" / "elsewhere"))

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG
from weather import Forecast, is_sunny

with DAG("import_changes_path", schedule=None):
    Forecast(task_id="forecast") >> PythonOperator(task_id="sunny", python_callable=is_sunny)
