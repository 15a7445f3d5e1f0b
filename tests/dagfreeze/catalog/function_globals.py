"""Globals of each kind in one function: modules by alias, containers, paths, patterns, enums, constants."""
# expect: frozen

import enum
import os.path as p
import re
import xml.dom.minidom
from collections import OrderedDict, defaultdict, namedtuple
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path, PurePosixPath
from uuid import UUID

from airflow.sdk import DAG, task


class Colour(enum.Enum):
    RED = "r"
    BLUE = "b"


class Access(enum.IntFlag):
    READ = 1
    WRITE = 2


@dataclass(frozen=True)
class Size:
    width: int
    tags: list = field(default_factory=list)


Point = namedtuple("Point", "x y", defaults=[0])
NUMBERS = {"pi": 3.14, "big": 10**30, "exact": Decimal("0.10"), "third": Fraction(1, 3), "z": 1j, "neg": -0.0}
THINGS = [
    Colour.BLUE,
    Access.READ | Access.WRITE,
    Size(3, ["a"]),
    Point(1),
    {1, 2},
    frozenset({"x"}),
    ...,
    range(1, 9, 2),
]
PLACES = (
    Path("/srv/data"),
    PurePosixPath("a") / "b",
    re.compile(r"a+\s*(?P<b>b)", re.I | re.M),
    b"\x00'\"",
    UUID(int=5),
)
COUNTS = defaultdict(list, {"a": [1]})
ORDER = OrderedDict([("z", 1), ("a", 2)])
KIND = Colour

with DAG("function_globals", schedule=None):

    @task
    def look(point=Point(2, 3), colour: Colour = Colour.RED, *, size=Size(1)):
        return p.join("a", "b"), xml.dom.minidom, NUMBERS, THINGS, PLACES, COUNTS, ORDER, KIND("r"), re.I

    look()
