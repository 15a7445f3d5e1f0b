"""Prints to both streams, through the descriptors too, and logs, while it is imported."""
# expect: frozen

import logging
import os
import sys

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

print("printed by the DAG file" * 3)
print("\x1b[2J\x1b[31mred", file=sys.stderr, flush=True)
os.write(1, b"written to descriptor 1 \xff\n")
os.write(2, b'{"looks": "like a message"}\n')
logging.getLogger(__name__).warning("logged by the DAG file")
logging.getLogger().setLevel(logging.DEBUG)
sys.stdout = sys.stderr

with DAG("import_prints", schedule=None):
    EmptyOperator(task_id="nothing")
