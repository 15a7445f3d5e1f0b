"""Values become code that makes equal ones, and code that is nothing else."""

from __future__ import annotations

import ast
import collections
import dataclasses
import datetime
import decimal
import enum
import fractions
import functools
import importlib.resources
import ipaddress
import itertools
import json
import keyword
import logging
import operator
import os
import pathlib
import re
import subprocess
import sys
import threading
import types
import uuid
import zoneinfo
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import attrs
import dateutil.relativedelta
import dateutil.tz
import markupsafe
import msgspec
import pendulum
import pydantic
import pytest
from airflow.providers.smtp.notifications.smtp import SmtpNotifier
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.triggers.file import FileDeleteTrigger
from airflow.providers.standard.triggers.temporal import TimeDeltaTrigger
from airflow.sdk import (
    DAG,
    Asset,
    AssetAlias,
    AssetAny,
    AssetOrTimeSchedule,
    AssetWatcher,
    Connection,
    CronDataIntervalTimetable,
    CronPartitionTimetable,
    CronTriggerTimetable,
    DagRunState,
    DeltaTriggerTimetable,
    EventsTimetable,
    Label,
    Metadata,
    MultipleCronTriggerTimetable,
    ObjectStoragePath,
    Param,
    TriggerRule,
    Variable,
    literal,
)
from airflow.sdk.definitions._internal.types import NOTSET
from airflow.sdk.definitions.callback import AsyncCallback, SyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference, VariableInterval
from airflow.sdk.definitions.param import ParamsDict
from airflow.sdk.definitions.timetables.simple import OnceTimetable
from airflow.task.priority_strategy import _DownstreamPriorityWeightStrategy
from airflow.timetables.events import EventsTimetable as CoreEventsTimetable
from airflow.timetables.trigger import CronTriggerTimetable as CoreCronTriggerTimetable
from airflow.triggers.base import BaseTrigger, StartTriggerArgs
from hypothesis import given, settings
from hypothesis import strategies as st

from dagfreeze.proof.forms import value_form
from dagfreeze.refusal import Refused
from dagfreeze.values.code import Expr, render
from dagfreeze.values.expressions import Values
from dagfreeze.values.imports import Imports
from dagfreeze.values.paths import Paths

UTC = datetime.UTC
BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")


def nothing(value: object) -> Expr | None:
    return None


def code_and_imports(
    value: object, special: Callable[[object], Expr | None] = nothing
) -> tuple[str, Imports]:
    imports = Imports()
    return render(Values(imports, special).expr(value), before=4), imports


def code(value: object) -> str:
    return code_and_imports(value)[0]


def evaluated(text: str, imports: Imports) -> Any:
    names: dict[str, Any] = {}
    exec("\n".join(import_lines(imports)), names)
    return eval(text, names)


def import_lines(imports: Imports) -> list[str]:
    return [
        (f"from {module} import {name}" if name else f"import {module}") + (f" as {alias}" if alias else "")
        for module, name, alias in imports.lines()
    ]


def check(value: Any) -> str:
    """Write a value, and see that the code makes an equal one and can do nothing else."""
    text, imports = code_and_imports(value)
    instance = evaluated(text, imports)
    assert type(instance) is type(value)
    assert value_form(instance) == value_form(value)
    check_syntax(text, imports)
    return text


PLAIN_NODES = (
    ast.Expression,
    ast.Constant,
    ast.List,
    ast.Tuple,
    ast.Dict,
    ast.Set,
    ast.Starred,
    ast.keyword,
    ast.UnaryOp,
    ast.USub,
    ast.Load,
    ast.Attribute,
    ast.Name,
    ast.Call,
)


def check_syntax(text: str, imports: Imports) -> None:
    names = {alias or name or module.partition(".")[0] for module, name, alias in imports.lines()}
    harmless = {
        "str",
        "int",
        "float",
        "complex",
        "set",
        "frozenset",
        "bytearray",
        "range",
        "slice",
        "list",
        "dict",
    }
    harmless |= {"tuple", "len", "ValueError", "KeyError", "NotImplemented", "bool", "bytes"}
    for node in ast.walk(ast.parse(text, mode="eval")):
        assert isinstance(node, PLAIN_NODES), ast.dump(node)
        if isinstance(node, ast.Name):
            assert node.id in names | harmless
        if isinstance(node, ast.Call):
            assert isinstance(node.func, ast.Name | ast.Attribute)


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Right(enum.Flag):
    READ = 1
    WRITE = 2


Odd = enum.Enum("Odd", {"a b": 1, "class": 2})
Odd.__module__ = __name__


class Point(NamedTuple):
    x: int
    y: int = 0


@dataclasses.dataclass
class Job:
    name: str
    steps: list[str] = dataclasses.field(default_factory=list)
    retries: int = 3
    _hidden: int = 0
    length: int = dataclasses.field(init=False, default=0)

    def __post_init__(self) -> None:
        self.length = len(self.name)

    def run(self) -> None: ...

    @classmethod
    def example(cls) -> Job:
        return cls("made")

    class Inner: ...


@attrs.define
class Shelf:
    name: str
    _size: int = 1
    books: list[str] = attrs.field(factory=list)
    label: str = attrs.field(default=attrs.Factory(lambda self: self.name, takes_self=True), kw_only=True)


class Model(pydantic.BaseModel):
    name: str
    size: int = 1
    secret: pydantic.SecretStr = pydantic.SecretStr("")
    kind: str = pydantic.Field("a", alias="type")


class Struct(msgspec.Struct):
    name: str
    tags: list[str] = []


class Base:
    def __init__(self, timeout: int = 5, tags: list[str] | None = None) -> None:
        self.timeout = timeout
        self.tags = tags or []


class Derived(Base):
    def __init__(self, name: str, *parts: str, **more: Any) -> None:
        super().__init__(**more)
        self.__name = name
        self.parts = parts


class OneWord(str):
    __slots__ = ()


class Numbers(list[int]): ...


class Ordered(collections.OrderedDict[str, int]): ...


class Renamed(BaseTrigger):
    def __init__(self, path: str) -> None:
        super().__init__()
        self.where = path

    def serialize(self) -> tuple[str, dict[str, Any]]:
        return f"{__name__}.Renamed", {"path": self.where}

    async def run(self) -> Any:
        yield None


class Opaque:
    def __init__(self, path: str) -> None:
        self.length = len(path)


class Mark: ...


MARK = Mark()


class Node:
    def __init__(self, name: str, below: Any = None) -> None:
        self.name, self.below = name, below


def function() -> None: ...


DEFAULTS = functools.partial(int, base=2)
EMPTY_CALENDAR = collections.defaultdict(list, {"a": [1]})

LITERALS: list[tuple[Any, str]] = [
    (None, "None"),
    (..., "..."),
    (NotImplemented, "NotImplemented"),
    (True, "True"),
    (-5, "-5"),
    (10**700, f"0x{10**700:X}"),
    (1e300, "1e300"),
    (-0.0, "-0.0"),
    (float("nan"), 'float("nan")'),
    (float("-inf"), 'float("-inf")'),
    (complex(1, -0.0), "complex(1.0, -0.0)"),
    (b'a\x00"', "b'a\\x00\"'"),
    (bytearray(b"a"), 'bytearray(b"a")'),
    ((1,), "(1,)"),
    (set(), "set()"),
    (frozenset(), "frozenset()"),
    ({10, 9, -1}, "{-1, 9, 10}"),
    (frozenset({"b", "a", None}), 'frozenset({"a", "b", None})'),
    ({"a\nb": 1, (1, "x"): [], None: {}}, '{"a\\nb": 1, (1, "x"): [], None: {}}'),
    (range(3), "range(3)"),
    (range(1, 3), "range(1, 3)"),
    (range(0, 9, 2), "range(0, 9, 2)"),
    (slice(1, None), "slice(1, None, None)"),
    (collections.OrderedDict(a=1), 'OrderedDict({"a": 1})'),
    (collections.Counter("aab"), 'Counter({"a": 2, "b": 1})'),
    (EMPTY_CALENDAR, 'defaultdict(list, {"a": [1]})'),
    (collections.ChainMap({"a": 1}, {}), 'ChainMap({"a": 1}, {})'),
    (collections.deque([1], 3), "deque([1], maxlen=3)"),
    (types.MappingProxyType({"a": 1}), 'MappingProxyType({"a": 1})'),
    (types.SimpleNamespace(a=1), "SimpleNamespace(a=1)"),
    (DEFAULTS, "partial(int, base=2)"),
    (operator.itemgetter(1, "a"), 'itemgetter(1, "a")'),
    (operator.attrgetter("a.b"), 'attrgetter("a.b")'),
    (operator.methodcaller("x", 1, k=2), 'methodcaller("x", 1, k=2)'),
    (re.compile("a"), 're.compile("a")'),
    (re.compile("(?i)a"), 're.compile("(?i)a")'),
    (re.compile("a", re.IGNORECASE), 're.compile("a", re.IGNORECASE)'),
    (re.compile("a #", re.VERBOSE | re.MULTILINE), 're.compile("a #", re.RegexFlag(72))'),
    (re.compile(b"a"), 're.compile(b"a")'),
    (Color.RED, "Color.RED"),
    (Right.READ | Right.WRITE, "Right(3)"),
    (Odd(1), "Odd(1)"),
    (Odd(2), "Odd(2)"),
    (TriggerRule.ALL_DONE, "TriggerRule.ALL_DONE"),
    (DagRunState.FAILED, "DagRunState.FAILED"),
    (int, "int"),
    (Job, "Job"),
    (Job.Inner, "Job.Inner"),
    (type(None), "NoneType"),
    (len, "len"),
    (json.dumps, "dumps"),
    (os.path.join, "join"),
    (operator.add, "add"),
    (function, "function"),
    (Job.run, "Job.run"),
    (Job.example, "Job.example"),
    (Job("a", retries=2).run, 'Job(name="a", retries=2).run'),
    (str.upper, "str.upper"),
    (", ".join, '", ".join'),
    ({"a": 1}.get, '{"a": 1}.get'),
    (datetime.datetime.now, "datetime.now"),
    (json, "json"),
    (os.path, "os.path"),
    (logging.getLogger("a"), 'logging.getLogger("a")'),
    (datetime.date(2026, 1, 2), "date(2026, 1, 2)"),
    (datetime.time(6), "time(6, 0)"),
    (datetime.time(0, 0, 0, 1, UTC), "time(0, 0, 0, 1, tzinfo=UTC)"),
    (datetime.datetime(2026, 1, 1, tzinfo=UTC), "datetime(2026, 1, 1, tzinfo=UTC)"),
    (
        datetime.datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=1),
        'datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=1)',
    ),
    (datetime.timedelta(0), "timedelta(0)"),
    (datetime.timedelta(minutes=90), "timedelta(hours=1, minutes=30)"),
    (datetime.timedelta(minutes=-5), "timedelta(minutes=-5)"),
    (datetime.timezone(datetime.timedelta(hours=1), "x"), 'timezone(timedelta(hours=1), "x")'),
    (pendulum.datetime(2026, 1, 1), 'pendulum.datetime(2026, 1, 1, tz="UTC")'),
    (pendulum.datetime(2026, 1, 1, tz="Asia/Tokyo"), 'pendulum.datetime(2026, 1, 1, tz="Asia/Tokyo")'),
    (pendulum.datetime(2026, 1, 1, fold=0), 'pendulum.datetime(2026, 1, 1, tz="UTC", fold=0)'),
    (pendulum.DateTime(2026, 1, 1), "pendulum.DateTime(2026, 1, 1)"),
    (pendulum.DateTime(2026, 1, 1, tzinfo=UTC), "pendulum.DateTime(2026, 1, 1, tzinfo=UTC)"),
    (pendulum.date(2026, 1, 1), "pendulum.date(2026, 1, 1)"),
    (pendulum.time(3, 4), "pendulum.time(3, 4)"),
    (pendulum.duration(years=1, hours=2), "pendulum.duration(years=1, hours=2)"),
    (pendulum.timezone("Asia/Tokyo"), 'pendulum.timezone("Asia/Tokyo")'),
    (pendulum.timezone(3600), "pendulum.timezone(3600)"),
    (pendulum.FixedTimezone(3600, "x"), 'pendulum.FixedTimezone(3600, "x")'),
    (
        dateutil.relativedelta.relativedelta(months=1, weekday=dateutil.relativedelta.MO(-1)),
        "relativedelta(months=1, weekday=MO(-1))",
    ),
    (dateutil.tz.UTC, "UTC"),
    (pathlib.Path("/a/b"), 'Path("/a/b")'),
    (pathlib.PurePosixPath("a"), 'PurePosixPath("a")'),
    (uuid.UUID(int=5), 'UUID("00000000-0000-0000-0000-000000000005")'),
    (decimal.Decimal("1.10"), 'Decimal("1.10")'),
    (decimal.Decimal("sNaN5"), 'Decimal("sNaN5")'),
    (fractions.Fraction(1, 3), "Fraction(1, 3)"),
    (ipaddress.ip_network("10.0.0.0/8"), 'IPv4Network("10.0.0.0/8")'),
    (Point(1), "Point(1)"),
    (Point(1, 2), "Point(x=1, y=2)"),
    (Job("a"), 'Job("a")'),
    (Job("a", ["b"], _hidden=1), 'Job(name="a", steps=["b"], _hidden=1)'),
    (Shelf("a"), 'Shelf("a")'),
    (Shelf("a", 2, ["b"], label="c"), 'Shelf(name="a", size=2, books=["b"], label="c")'),
    (Model.model_validate({"name": "a", "type": "b"}), 'Model(name="a", type="b")'),
    (Model.model_validate({"name": "a", "size": 1}), 'Model(name="a", size=1)'),
    (Struct("a"), 'Struct("a")'),
    (Struct("a", ["b"]), 'Struct(name="a", tags=["b"])'),
    (Base(), "Base()"),
    (Base(tags=["a"]), 'Base(tags=["a"])'),
    (Derived("a", timeout=2), 'Derived("a", timeout=2)'),
    (Derived("a", "b", "c"), 'Derived("a", "b", "c")'),
    (OneWord("a"), 'OneWord("a")'),
    (Numbers([1]), "Numbers([1])"),
    (Ordered(a=1), 'Ordered({"a": 1})'),
    (markupsafe.Markup("<b>"), 'Markup("<b>")'),
    (ValueError("a"), 'ValueError("a")'),
    (MARK, "MARK"),
    (list[int], "GenericAlias(list, (int,))"),
    (NOTSET, "NOTSET"),
    (Param(5, type="integer", description="d"), 'Param(5, description="d", type="integer")'),
    (Param(), "Param()"),
    (Param("a", schema={"$ref": "x"}), 'Param("a", schema={"$ref": "x"})'),
    (ParamsDict({"a": 1}), 'ParamsDict({"a": Param(1)})'),
    (Asset("s3://a/b/"), 'Asset("s3://a/b/")'),
    (Asset(name="a", uri="s3://b/c", group="c"), 'Asset(name="a", uri="s3://b/c", group="c")'),
    (AssetAlias("a"), 'AssetAlias("a")'),
    (Asset("a") | Asset("b"), 'AssetAny(Asset("a"), Asset("b"))'),
    (Asset("a") & AssetAny(Asset("b")), 'AssetAll(Asset("a"), AssetAny(Asset("b")))'),
    (Asset.ref(name="a"), 'AssetNameRef("a")'),
    (
        AssetWatcher("a", FileDeleteTrigger(filepath="/a")),
        'AssetWatcher(name="a", trigger=FileDeleteTrigger("/a"))',
    ),
    (Metadata(Asset("a"), {"b": 1}), 'Metadata(asset=Asset("a"), extra={"b": 1})'),
    (CronTriggerTimetable("0 0 * * *", timezone="UTC"), 'CronTriggerTimetable("0 0 * * *", timezone="UTC")'),
    (
        CronDataIntervalTimetable("0 0 * * *", timezone="UTC"),
        'CronDataIntervalTimetable("0 0 * * *", timezone="UTC")',
    ),
    (
        CronPartitionTimetable("0 0 * * *", timezone="UTC", run_offset=1),
        'CronPartitionTimetable("0 0 * * *", timezone="UTC", run_offset=1)',
    ),
    (
        CoreCronTriggerTimetable("0 0 * * *", timezone="UTC"),
        'CronTriggerTimetable("0 0 * * *", timezone=pendulum.timezone("UTC"))',
    ),
    (DeltaTriggerTimetable(datetime.timedelta(days=1)), "DeltaTriggerTimetable(timedelta(days=1))"),
    (
        MultipleCronTriggerTimetable("0 0 * * *", "1 1 * * *", timezone="UTC"),
        'MultipleCronTriggerTimetable("0 0 * * *", "1 1 * * *", timezone="UTC")',
    ),
    (
        EventsTimetable([pendulum.naive(2026, 1, 1)]),
        "EventsTimetable([pendulum.DateTime(2026, 1, 1, fold=1)])",
    ),
    (
        CoreEventsTimetable([pendulum.datetime(2026, 1, 1)]),
        'EventsTimetable([pendulum.datetime(2026, 1, 1, tz="UTC")])',
    ),
    (OnceTimetable(), "OnceTimetable()"),
    (DeadlineReference.DAGRUN_QUEUED_AT, "DeadlineReference.DAGRUN_QUEUED_AT"),
    (
        DeadlineReference.FIXED_DATETIME(datetime.datetime(2026, 1, 1)),
        "DeadlineReference.FIXED_DATETIME(datetime(2026, 1, 1))",
    ),
    (SyncCallback(json.dumps, {"a": 1}), 'SyncCallback(dumps, kwargs={"a": 1})'),
    (AsyncCallback("no_such_module.a"), 'AsyncCallback("no_such_module.a")'),
    (VariableInterval("a"), 'VariableInterval("a")'),
    (Label("a"), 'Label("a")'),
    (SmtpNotifier(to="a", subject="b"), 'SmtpNotifier(to="a", subject="b")'),
    (Connection(conn_id="a", host="b"), 'Connection(conn_id="a", host="b")'),
    (
        Connection.from_uri("http://b/c", "a"),
        'Connection(conn_id="a", conn_type="http", host="b", schema="c")',
    ),
    (Variable("a", 1), 'Variable(key="a", value=1)'),
    (Renamed("a"), 'Renamed("a")'),
    (_DownstreamPriorityWeightStrategy(), "_DownstreamPriorityWeightStrategy()"),
    (StartTriggerArgs("a", "b"), 'StartTriggerArgs(trigger_cls="a", next_method="b")'),
    (literal("{{ a }}"), 'literal("{{ a }}")'),
    (ObjectStoragePath("file:///a/b"), 'ObjectStoragePath("file:///a/b")'),
]


def test_the_logger_of_the_dag_file_is_not_called_after_where_that_file_is() -> None:
    assert code_and_imports(logging.getLogger("unusual_prefix_0_a"))[0] == "logging.getLogger(__name__)"
    below = code_and_imports(logging.getLogger("unusual_prefix_0_a.b.c"))[0]
    assert below == 'logging.getLogger(__name__ + ".b.c")'


@pytest.mark.parametrize(("value", "text"), LITERALS, ids=[text[:60] for _, text in LITERALS])
def test_a_value_is_written_as_a_person_would(value: Any, text: str) -> None:
    assert check(value) == text


def test_what_needs_several_lines_is_written_as_ruff_formats_it(tmp_path: pathlib.Path) -> None:
    alert = DeadlineAlert(
        DeadlineReference.DAGRUN_QUEUED_AT, datetime.timedelta(hours=1), SyncCallback(json.dumps)
    )
    schedule = AssetOrTimeSchedule(
        timetable=CronTriggerTimetable("0 0 * * *", timezone="UTC"), assets=Asset("a") | Asset("b")
    )
    values = [alert, schedule, [value for value, _ in LITERALS if value is not json and value is not os.path]]
    file = tmp_path / "file.py"
    text = "".join(f"a = {check(value) if value in (alert, schedule) else code(value)}\n" for value in values)
    file.write_text(text, encoding="utf-8")
    ruff = str(pathlib.Path(sys.executable).with_name("ruff"))
    options = ["--isolated", "--no-cache", "--check"]
    for length in (88, 110):
        command = [ruff, "format", *options, f"--line-length={length}", str(file)]
        run = subprocess.run(command, capture_output=True, check=False)
        assert run.returncode == 0, text


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.complex_numbers()
    | st.text(st.characters(exclude_categories=()), max_size=10)
    | st.binary(max_size=10)
    | st.dates()
    | st.times(timezones=st.none() | st.just(UTC) | st.timezones())
    | st.datetimes(timezones=st.none() | st.just(UTC) | st.timezones())
    | st.timedeltas()
    | st.decimals(allow_nan=False)
    | st.fractions()
    | st.uuids()
    | st.ip_addresses()
    | st.sampled_from([*Color, *Right, *Odd, ..., len, Job, json.dumps, Job.example])
)
HASHABLE = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3).map(tuple), max_leaves=5)
ANY: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(HASHABLE, inner, max_size=4)
        | st.frozensets(HASHABLE, max_size=4)
        | st.sets(HASHABLE, max_size=4)
        | st.dictionaries(HASHABLE, inner, max_size=3).map(collections.OrderedDict)
        | st.builds(collections.deque, st.lists(inner, max_size=3), st.none() | st.integers(0, 5))
        | st.builds(Node, inner, inner)
        | st.builds(Point, inner, inner)
        | st.dictionaries(st.sampled_from(["a", "größe", "match"]), inner).map(
            lambda names: types.SimpleNamespace(**names)
        )
    ),
    max_leaves=10,
)


@settings(deadline=None)
@given(ANY)
def test_every_value_comes_back_from_its_code(value: Any) -> None:
    check(value)


@settings(deadline=None)
@given(st.datetimes(), st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]))
def test_every_time_of_pendulum_comes_back_with_its_zone(moment: datetime.datetime, zone: str) -> None:
    local = pendulum.instance(moment, tz=zone)
    check(local)
    check(local.add(hours=1))


def local_class() -> type:
    class Local: ...

    return Local


TOKENS = itertools.count()


class Unstable:
    def __init__(self, name: str) -> None:
        self.name, self.token = name, next(TOKENS)


LOOP: list[Any] = []
LOOP.append({"a": LOOP})
FOREIGN = types.ModuleType("no_such_module")


def attributed(value: Any) -> Any:
    value.note = 1
    return value


def nested(depth: int, value: Any = None) -> Any:
    for _ in range(depth):
        value = [value]
    return value


def nameless_zone() -> zoneinfo.ZoneInfo:
    with importlib.resources.files("tzdata.zoneinfo").joinpath("UTC").open("rb") as file:
        return zoneinfo.ZoneInfo.from_file(file)


def ring() -> Node:
    node = Node("ring")
    node.below = [node]
    return node


def chained(depth: int) -> Node:
    node = Node("last")
    for _ in range(depth):
        node = Node("inner", node)
    return node


REFUSED: list[tuple[Callable[[], Any], str]] = [
    (lambda: LOOP, "contains itself"),
    (ring, "Node"),
    (lambda: nested(1_000), "nested more than 50 levels"),
    (lambda: chained(1_000), "nested more than 50 levels"),
    (lambda: lambda: None, "cannot be imported by its name"),
    (local_class, "cannot be imported by its name"),
    (lambda: local_class()(), "Local, cannot be imported by its name"),
    (
        lambda: type("Date", (Mark,), {"__module__": "pendulum.date"})(),
        "the class pendulum.date.Date, cannot be imported",
    ),
    (lambda: Opaque("a"), "Opaque"),
    (lambda: Unstable("a"), "Unstable"),
    (object, "builtins.object"),
    (lambda: iter([1]), "used up by its first reader"),
    (lambda: (one for one in [1]), "used up by its first reader"),
    (lambda: memoryview(b"a"), "memoryview"),
    (threading.Lock, "_thread.lock"),
    (lambda: FOREIGN, "no_such_module"),
    (lambda: logging.Logger("a"), "is not the one of that name"),
    (lambda: types.SimpleNamespace(**{"a=1, b": 1}), "is no name for an argument"),
    (lambda: functools.partial(int, **{"class": 1}), "is no name for an argument"),
    (lambda: attributed(functools.partial(int)), "attributes of its own"),
    (lambda: attributed(collections.OrderedDict()), "attributes of its own"),
    (lambda: attributed(Numbers([1])), "Numbers"),
    (lambda: (5).bit_length, "the method 'bit_length'"),
    (lambda: types.MethodType(function, Node("a")), "the method 'function'"),
    (nameless_zone, "a time zone has no name"),
    (lambda: TimeDeltaTrigger(datetime.timedelta(1)), "TimeDeltaTrigger"),
    (lambda: DAG("a", schedule=None), "the class DAG belongs to a DAG, but not to this one"),
    (lambda: EmptyOperator(task_id="a"), "the class EmptyOperator belongs to a DAG, but not to this one"),
    (lambda: EmptyOperator(task_id="a").output, "belongs to a DAG, but not to this one"),
    (lambda: DAG("a", schedule=None).param("b"), "the class DagParam belongs to a DAG, but not to this one"),
]


@pytest.mark.parametrize(("make", "reason"), REFUSED, ids=[reason[:40] for _, reason in REFUSED])
def test_what_cannot_be_written_is_refused_by_a_sentence(make: Callable[[], Any], reason: str) -> None:
    with pytest.raises(Refused, match=re.escape(reason)):
        code(make())


def test_a_nesting_that_is_not_refused_can_be_read() -> None:
    deepest: Any = nested(46, collections.OrderedDict({("a",): 1}))
    check(deepest)
    value: Any = 1
    for _ in range(24):
        value = collections.OrderedDict({("a",): value})
    check(value)


def test_a_value_that_occurs_twice_is_no_cycle() -> None:
    shared = ["a"]
    assert check([shared, {"b": shared}]) == '[["a"], {"b": ["a"]}]'


def test_sets_are_written_in_the_same_order_by_every_process() -> None:
    program = (
        "from dagfreeze.values.expressions import *; from dagfreeze.values.code import render\n"
        "value = {f'{n}' for n in range(50)} | {1, None, (2,), frozenset({'a', 'b', 'c'})}\n"
        "print(render(Values(Imports(), lambda value: None).expr(value)))"
    )
    folder = pathlib.Path(sys.modules[Values.__module__].__file__ or "").parents[2]
    texts = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(folder)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in "123"
    }
    assert len(texts) == 1


def test_the_caller_is_asked_first_for_each_value_at_every_depth() -> None:
    def special(value: object) -> Expr | None:
        return "task" if value == "mine" else None

    text, _ = code_and_imports(
        {"a": ["mine", ("mine",)], "b": functools.partial(print, "mine"), "c": Node("mine")}, special
    )
    assert text == '{"a": [task, (task,)], "b": partial(print, task), "c": Node(task)}'


def test_a_class_that_only_the_caller_knows_is_called_by_the_name_that_it_gives() -> None:
    local = local_class()
    assert code_and_imports(local(), lambda value: "Local" if value is local else None)[0] == "Local()"


def test_the_result_of_a_task_is_left_to_the_caller_even_where_the_task_is_known() -> None:
    task = EmptyOperator(task_id="task")
    with pytest.raises(Refused, match="PlainXComArg belongs to a DAG"):
        code_and_imports(task.output, lambda value: "task" if value is task else None)


def test_a_parameter_does_not_say_to_what_it_belongs() -> None:
    param = Param(1, type="integer")
    operator = EmptyOperator(task_id="operator", default_args={"params": {"b": param}})
    task_param = dict(operator.params.items())["b"]
    assert task_param.source == "task"
    assert code(task_param) == 'Param(1, type="integer")'


def test_paths_below_the_bundle_become_code() -> None:
    def anchor(text: str) -> Expr | None:
        return "HERE" if text.startswith("/bundle") else None

    values = Values(Imports(), nothing, anchor)
    paths = ["/bundle/a", pathlib.Path("/bundle/a"), "/other", pathlib.Path("/other")]
    assert render(values.expr(paths)) == '[str(HERE), HERE, "/other", Path("/other")]'


@settings(deadline=None)
@given(
    st.text(st.characters(exclude_categories=()), max_size=8)
    | st.sampled_from(["a b", "a=1, *b", "a\n", "if"])
)
def test_a_keyword_is_a_name_or_refused(name: str) -> None:
    value = types.SimpleNamespace(**{name: 1})
    try:
        text = check(value)
    except Refused:
        assert not name.isascii() or not name.isidentifier() or keyword.iskeyword(name)
    else:
        assert text == f"SimpleNamespace({name}=1)"


def test_nothing_of_airflow_is_imported_for_values_that_are_not_airflows() -> None:
    program = (
        "import sys, datetime, re\n"
        "from dagfreeze.values.expressions import *\n"
        "Values(Imports(), lambda value: None).expr([1, 'a', {2}, datetime.datetime.now(), re.compile('a'), int])\n"
        "print([name for name in sys.modules if name.startswith('airflow')])"
    )
    folder = pathlib.Path(sys.modules[Values.__module__].__file__ or "").parents[2]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    run = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert run.stdout == "[]\n"


def test_models_of_the_kubernetes_client_are_written_by_their_attributes() -> None:
    pod = Pod(name="a", labels={"b": "c"})
    assert code(pod) == 'Pod(labels={"b": "c"}, name="a")'


class Pod:
    """As the generator of the Kubernetes client writes its models."""

    def __init__(
        self, labels: Any = None, name: Any = None, uid: Any = None, configuration: Any = None
    ) -> None:
        self.configuration = configuration or Node("configuration")
        self._labels, self._name, self._uid = labels, name, uid

    @property
    def labels(self) -> Any:
        return self._labels

    @property
    def name(self) -> Any:
        return self._name

    @property
    def uid(self) -> Any:
        return self._uid


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/dags/sql/dags/load.sql", 'Path(__file__).parents[1] / "sql/dags/load.sql"'),
        ("/dags/lib:/dags/src", None),
        ("/dags/in.csv /dags/out.csv", None),
    ],
)
def test_a_path_is_relative_and_a_list_of_paths_is_left_alone(text: str, expected: str | None) -> None:
    paths = Paths(Path("/dags/shop.py"), Path("/dags"), Path("/dags/frozen"))
    assert paths.anchor(Imports())(text) == expected
