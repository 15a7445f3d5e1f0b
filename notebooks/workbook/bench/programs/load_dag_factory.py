"""Airflow's DAGs made by dag-factory, from one YAML file next to it."""

from pathlib import Path

from dagfactory import load_yaml_dags

load_yaml_dags(globals_dict=globals(), config_filepath=str(Path(__file__).with_name("dag_factory.yml")))
