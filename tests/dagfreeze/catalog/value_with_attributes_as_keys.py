"""A dictionary whose keys are attributes as well; for any other it raises a KeyError."""
# expect: frozen

from airflow.sdk import DAG, task
class AttrDict(dict):
    __getattr__ = dict.__getitem__
CONF = AttrDict(a=1)
with DAG("value_with_attributes_as_keys", schedule=None):
    @task
    def f(): return CONF.a
    f()
