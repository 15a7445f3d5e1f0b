"""Changes the process: working directory, locale, environment, random seed, recursion limit, umask, signals."""
# expect: frozen

import os
import random
import signal
import sys

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

os.chdir("/")
os.umask(0o077)
os.environ["CATALOG_SET_BY_A_FILE"] = "1"
os.environ["TZ"] = "Asia/Tokyo"
sys.setrecursionlimit(400)
random.seed(3)
signal.signal(signal.SIGTERM, signal.SIG_IGN)

with DAG("import_changes_process", schedule=None):
    BashOperator(task_id="say", bash_command=f"echo {random.randint(1, 1_000)} {os.getcwd()}")
