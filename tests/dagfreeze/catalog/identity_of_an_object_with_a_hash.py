"""An object that two functions count in, and that has a hash of its own."""
# expect: frozen

import dataclasses
from airflow.sdk import DAG
from airflow.providers.standard.operators.python import PythonOperator
@dataclasses.dataclass(unsafe_hash=True)
class St:
    name: str
    n: int = dataclasses.field(default=0, compare=False)
def mk(n):
    st = St(n)
    def run(): st.n += 1; return st.n
    def cb(ctx): return st.n
    return run, cb
for n in "ab":
    r, c = mk(n)
    with DAG(f"identity_of_an_object_with_a_hash_{n}", schedule=None): PythonOperator(task_id="t", python_callable=r, on_success_callback=c)
