"""A helper reads a file when it is imported, and another when it is called; two threads read as well."""
# expect: frozen, names: rates.txt

from concurrent.futures import ThreadPoolExecutor

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG
from helpers.rates import RATE, rates_of

with ThreadPoolExecutor(2) as pool:
    rates = list(pool.map(rates_of, ["eu", "us"]))

with DAG("reads_in_a_helper", schedule=None):
    BashOperator(task_id="say", bash_command=f"echo {RATE} {rates}")
