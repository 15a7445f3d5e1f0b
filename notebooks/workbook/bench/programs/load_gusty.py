"""Airflow's DAGs made by gusty, from a folder for each DAG and a YAML file for each task."""

from pathlib import Path

from gusty import create_dags

create_dags(str(Path(__file__).with_name("gusty")), globals(), latest_only=False)
