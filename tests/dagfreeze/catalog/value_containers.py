"""Containers nested and odd: dicts with keys of each kind, tuples of one, empty ones, ordered and default ones."""
# expect: refused: nested more than 50

import collections
import types

from airflow.sdk import DAG, task

DEEP: list = []
for _ in range(60):
    DEEP = [DEEP, {"deeper": (DEEP[:1],)}][:1]

ODD = {
    "": (),
    None: [],
    True: {},
    2: set(),
    (1, ("a",)): frozenset(),
    b"bytes": (1,),
    1.5: {"a": {"b": {"c": [()]}}},
    frozenset({1}): [[[]]],
}
MORE = [
    collections.deque([1, 2], maxlen=5),
    collections.Counter("aab"),
    collections.ChainMap({"a": 1}, {"b": 2}),
    types.SimpleNamespace(a=1, b=[2]),
    types.MappingProxyType({"read": "only"}),
    bytearray(b"x"),
    slice(1, None, 2),
    NotImplemented,
    int,
    list[int],
    int | None,
]

with DAG("value_containers", schedule=None):

    @task
    def look():
        return DEEP, ODD, MORE

    look()
