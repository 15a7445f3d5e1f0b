"""Asks an address on this machine where nobody listens, and goes on without."""
# expect: frozen, names: 127.0.0.1

import socket

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

try:
    with socket.create_connection(("127.0.0.1", 9), timeout=0.5) as connection:
        answer = connection.recv(10).decode()
except OSError:
    answer = "nobody"

with DAG("reads_address", schedule=None):
    BashOperator(task_id="say", bash_command=f"echo {answer}")
