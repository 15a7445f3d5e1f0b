"""A class that makes one object only: any other call of it would change that one."""
# expect: frozen

from airflow.sdk import DAG, task
class Settings:
    _inst = None
    def __new__(cls, *a, **k):
        if cls._inst is None: cls._inst = super().__new__(cls)
        return cls._inst
    def __init__(self, env="dev"): self.env = env
settings = Settings("prod")
with DAG("value_made_once", schedule=None):
    @task
    def f(): return settings.env
    f()
