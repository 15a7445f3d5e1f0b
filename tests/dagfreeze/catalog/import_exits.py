"""Calls sys.exit while it is imported."""
# expect: import error

import sys

from airflow.sdk import DAG

dag = DAG("import_exits", schedule=None)
sys.exit("this file has had enough")
