"""The helper package that the notebooks import; it prepares the environment before Airflow is imported."""

from workbook.workspace import prepare_environment

prepare_environment()
