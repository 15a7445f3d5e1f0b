"""By its changed `sys.path` the file finds another module than a frozen file would."""
# expect: refused: another module of the name helpers

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "helpers" / "elsewhere"))

import helpers
from airflow.sdk import DAG, task

with DAG("import_changes_path_to_another_module", schedule=None):

    @task
    def text():
        return helpers.text()

    text()
