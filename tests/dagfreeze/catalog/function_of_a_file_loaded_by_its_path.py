"""A function from a file that was loaded by its path, under a name by which nobody finds it again."""
# expect: frozen

import importlib.util
import sys
from pathlib import Path

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

spec = importlib.util.spec_from_file_location("shouting", Path(__file__).parent / "data" / "shouting.py")
module = importlib.util.module_from_spec(spec)
sys.modules["shouting"] = module
spec.loader.exec_module(module)

with DAG("function_of_a_file_loaded_by_its_path", schedule=None):
    PythonOperator(task_id="shout", python_callable=module.shout)
