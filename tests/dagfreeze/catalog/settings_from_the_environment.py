"""A settings class that a library fills from the environment, and that a task reads."""
# expect: refused: would still read, at each import: All environment variables

from airflow.sdk import DAG, task
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    bucket: str = "dev"


SETTINGS = Settings()

with DAG("settings", schedule=None, tags=[SETTINGS.bucket]):

    @task
    def load():
        return SETTINGS.bucket

    load()
