"""Constants with annotations: a lock, a sentinel, a cache, which are what they are by their statement."""
# expect: frozen

import threading
from typing import Final

from airflow.sdk import DAG, task

LOCK: threading.Lock = threading.Lock()
UNSET: Final = object()
LIMITS: dict[str, int] = {"rows": 5}


def limit(name, default=UNSET):
    with LOCK:
        return LIMITS[name] if default is UNSET else default


with DAG("constants_annotated", schedule=None):

    @task
    def count():
        return limit("rows")

    count()
