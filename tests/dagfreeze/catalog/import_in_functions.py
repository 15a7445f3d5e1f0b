"""Imports in each odd place: in functions, in conditions, with a fallback, by star, in a loop, by text."""
# expect: frozen

import importlib
from os.path import *

from airflow.sdk import DAG, task

try:
    import ujson_of_nobody as json
except ImportError:
    import json

if True:
    from math import tau as circle
else:
    from math import pi as circle

for name in ("math", "cmath"):
    globals()[name] = importlib.import_module(name)

with DAG("import_in_functions", schedule=None):

    @task
    def look():
        import string as words
        from collections import abc

        return json.dumps(join("a", basename("b/c"))), circle, math.e, cmath.pi, words.digits, abc

    look()
