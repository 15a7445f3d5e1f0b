"""Reads a JSON file, lists a folder, and asks for a file that is not there."""
# expect: frozen, names: teams.json

import json
from pathlib import Path

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

HERE = Path(__file__).parent

for team, steps in json.loads((HERE / "data" / "teams.json").read_text()).items():
    with DAG(f"reads_files_{team}", schedule=None):
        for step in steps:
            BashOperator(task_id=step, bash_command=f"echo {step}")
        for file in sorted((HERE / "templates").glob("*.sql")):
            BashOperator(task_id=file.stem, bash_command=file.read_text())
        if (HERE / "data" / "not_there.json").exists():
            BashOperator(task_id="never", bash_command="false")
