"""Ends the process while it is imported, without a word: Airflow's DAG processor sees a dead child."""
# expect: import error

import os

from airflow.sdk import DAG

dag = DAG("import_dies", schedule=None)
os._exit(0)
