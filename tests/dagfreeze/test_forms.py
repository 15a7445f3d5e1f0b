"""Two values have one form exactly if they are of one type and hold the same, down to a function's bytecode."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import functools
import json
import logging
import re
import socket
import sys
import threading
import types
import typing
import uuid
import weakref
import zoneinfo
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

import attrs
import pandas
import pendulum
import pydantic
import pytest
from airflow.configuration import conf
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import DAG
from hypothesis import given, settings
from hypothesis import strategies as st

from dagfreeze.proof.forms import AROUND, NotComparable, dag_form, differences, digest, value_form
from dagfreeze.watching.registrations import noting_registrations

UTC = datetime.UTC
DAY = datetime.datetime(2024, 1, 1)
BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")


class Text(str):
    pass


class Mark:
    pass


NOTHING, NEVER = Mark(), Mark()


class Place(typing.NamedTuple):
    x: int


@dataclasses.dataclass
class Plain:
    x: Any


@dataclasses.dataclass(slots=True)
class Slotted:
    x: Any


@attrs.define
class Attrs:
    x: Any


class Model(pydantic.BaseModel):
    x: Any


class Level(enum.Enum):
    LOW = 1
    HIGH = 2


ALL_DIFFERENT: list[Any] = [
    *(None, True, 1, 1.0, "1", b"1", Text("1"), decimal.Decimal("1"), decimal.Decimal("1.0"), 1j, 2**70),
    *(False, 0, 0.0, -0.0, float("nan"), float("inf"), "", b"", bytearray(b""), 10**5000, ...),
    *((), [], {}, set(), frozenset(), [1], (1,), {1}, frozenset({1}), [True], [1.0], [[1]], {1: 2}, {1: 2.0}),
    *({"a": 1, "b": 2}, {"b": 2, "a": 1}, OrderedDict(a=1, b=2), defaultdict(list), defaultdict(int)),
    *(deque([1]), deque([1], 2), range(3), Level.LOW, Level.HIGH, Level, uuid.UUID(int=1)),
    *(re.compile("a"), re.compile("a", re.I), re.compile(b"a"), Path("/a"), PurePosixPath("/a"), Path("/b")),
    *(json, re, len, str.upper, str.lower, "a".join, "b".join, Plain(1).__eq__, Plain(2).__eq__),
    *(DAY, DAY.replace(fold=1), DAY.replace(tzinfo=UTC), DAY.replace(tzinfo=BERLIN), DAY.date()),
    *(DAY.replace(tzinfo=zoneinfo.ZoneInfo("Europe/Paris")), DAY.time()),
    *(pendulum.instance(DAY), pendulum.datetime(2024, 1, 1, tz="Europe/Berlin"), pendulum.date(2024, 1, 1)),
    *(pendulum.duration(days=1), datetime.timedelta(days=1), BERLIN, pendulum.timezone("Europe/Berlin"), UTC),
    *(pandas.Timestamp(DAY), pandas.Timestamp(DAY) + pandas.Timedelta(1, "ns"), pandas.DataFrame({"a": [1]})),
    *(Plain(1), Plain(2), Slotted(1), Slotted(2), Attrs(1), Attrs(2), Model(x=1), Model(x=2)),
    *(Place(1), Place(2), functools.partial(int, base=2), functools.partial(int, base=3)),
    *(
        functools.partial(float),
        functools.partial(str),
        Mark(),
        NOTHING,
        NEVER,
        ValueError("a"),
        ValueError("b"),
    ),
    *(types.SimpleNamespace(a=1), types.SimpleNamespace(a=2), types.MappingProxyType({"a": 1})),
    *(threading.Lock(), threading.RLock(), threading.Event(), logging.getLogger("a"), logging.getLogger("b")),
    *(
        list[int],
        list[str],
        int | None,
        typing.Literal["a"],
        typing.Literal["b"],
        dataclasses.MISSING,
        object(),
    ),
]


def two_of_all() -> tuple[list[str], list[str]]:
    return [digest(value_form(value)) for value in ALL_DIFFERENT], [
        digest(value_form(value)) for value in ALL_DIFFERENT
    ]


def test_values_that_are_not_the_same_have_different_forms() -> None:
    first, second = two_of_all()
    same = [
        (ALL_DIFFERENT[at], ALL_DIFFERENT[first.index(one)])
        for at, one in enumerate(first)
        if first.index(one) < at
    ]
    assert same == []
    assert first == second


plain_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
    max_leaves=20,
)


@settings(deadline=None)
@given(plain_values, plain_values)
def test_plain_values_have_one_form_exactly_if_python_writes_them_alike(one: Any, other: Any) -> None:
    assert (digest(value_form(one)) == digest(value_form(other))) == (repr(one) == repr(other))
    assert bool(differences(value_form(one), value_form(other))) == (repr(one) != repr(other))


@settings(deadline=None)
@given(plain_values)
def test_a_form_survives_json(value: Any) -> None:
    form = value_form(value)
    assert digest(json.loads(json.dumps(form))) == digest(form)


def test_what_is_held_twice_may_be_one_object_or_two() -> None:
    shared = Plain([1])
    assert digest(value_form([shared, shared])) == digest(value_form([Plain([1]), Plain([1])]))


def circle(*values: Any) -> list[Plain]:
    places = [Plain([value]) for value in values]
    for place, following in zip(places, [*places[1:], places[0]], strict=True):
        place.x.append(following)
    return places


def test_a_circle_has_a_form_from_wherever_one_enters_it() -> None:
    one, other = circle(1, 2, 3), circle(1, 2, 3)
    forms = [digest(value_form(place)) for place in one]
    assert len(set(forms)) == 3
    assert [digest(value_form(place)) for place in other] == forms
    assert digest(value_form(circle(1, 2, 4)[0])) != forms[0]
    assert digest(value_form([one[0], other[0]])) == digest(value_form([one[0], one[0]]))


def test_a_circle_is_the_same_however_often_one_goes_round() -> None:
    assert digest(value_form(circle(1, 2)[0])) == digest(value_form(circle(1, 2, 1, 2)[0]))
    assert digest(value_form(circle(1, 2)[0])) != digest(value_form(circle(1, 2, 1, 1)[0]))


def test_a_circle_counts_who_is_where_in_it() -> None:
    forms = [digest(value_form(place)) for place in circle(1, 1, 1, 2)]
    assert len(set(forms)) == 4


def test_two_values_that_hold_themselves_are_the_same() -> None:
    one: list[Any] = []
    other: list[Any] = []
    one.append(one)
    other.append(other)
    assert digest(value_form([one, other])) == digest(value_form([one, one]))


def test_sets_are_unordered_in_circles_too() -> None:
    forms = []
    for texts in (("a", "b"), ("b", "a")):
        mark = Mark()
        mark.sets = {frozenset({text, mark}) for text in texts}  # type: ignore[attr-defined]
        forms.append(digest(value_form(mark)))
    assert forms[0] == forms[1]


def test_depth_does_no_harm() -> None:
    deep: list[Any] = []
    other: list[Any] = [1]
    for _ in range(10_000):
        deep, other = [deep], [other]
    assert digest(value_form(deep)) != digest(value_form(other))
    (sentence,) = differences(value_form(deep), value_form(other))
    assert sentence.startswith("the value[0][0][0]")
    assert len(sentence) < 400


def defined(text: str, name: str) -> Any:
    """Run a text as the file of a DAG and tell what it defines."""
    module = sys.modules["unusual_prefix_1_file"] = types.ModuleType("unusual_prefix_1_file")
    with noting_registrations():
        exec(compile(text, "file.py", "exec", dont_inherit=True), vars(module))
    return vars(module)[name]


CLASSES = [
    "import dataclasses\n@dataclasses.dataclass\nclass K:\n    a: int = 1\n    b: str = 'x'",
    "import attrs\n@attrs.define\nclass K:\n    a: int = 1\n    b: str = attrs.field(default='x', converter=str)",
    "import pydantic\nclass K(pydantic.BaseModel):\n    a: int = 1\n    b: str = pydantic.Field(default='x')\n"
    "    @pydantic.field_validator('a')\n    @classmethod\n    def check(cls, v): return v",
    "import socket, pydantic\ndef make():\n    global kept\n    y = kept = socket.socket()\n"
    "    class K(pydantic.BaseModel):\n        a: int = 1\n    return K\nK = make()",
    "import typing\nclass K(typing.NamedTuple):\n    a: int = 1\n    b: str = 'x'",
    "import enum\nclass K(enum.StrEnum):\n    A = '1'\n    B = 'x'",
    "import abc\nclass K(abc.ABC):\n    __slots__ = ('x', 'y')\n    a = 1\n"
    "    @abc.abstractmethod\n    def f(self): ...",
    "import functools\nclass K:\n    a = 1\n    @functools.cached_property\n    def x(self): return super().x\n"
    "    @functools.singledispatchmethod\n    def f(self, x): return 'x'",
    "import typing\nT = typing.TypeVar('T')\n"
    "class K(typing.Generic[T]):\n    a = 1\n    def x(self, y: T) -> T: return K[int]",
    "class M(type):\n    def f(cls): return 1\nclass K(metaclass=M):\n    x = property(lambda self: 'x')",
    "import threading\nclass K:\n    x = 1\n    def __reduce__(self): return (K, (), {'lock': threading.Lock()})",
]


@pytest.mark.parametrize("text", CLASSES)
def test_a_class_of_the_file_has_a_form_of_its_own(text: str) -> None:
    forms = [digest(value_form(defined(changed, "K"))) for changed in (text, text, f"\n\n{text}")]
    assert forms[1:] == forms[:2]
    for old, new in (("1", "2"), ("x", "xx"), ("K", "KK")):
        changed = text.replace(old, new)
        name = "KK" if new == "KK" else "K"
        assert text == changed or digest(value_form(defined(changed, name))) != forms[0]


FUNCTIONS = [
    (
        "def f(x):\n    y = x()\n    try:\n        return y\n    except KeyError:\n        pass",
        "def f(x):\n    try:\n        y = x()\n        return y\n    except KeyError:\n        pass",
    ),
    ("async def f(x):\n    return 1", "def f(x):\n    return 1"),
    ("async def f(x):\n    yield 1", "def f(x):\n    yield 1"),
    ("def f(*x): return x", "def f(**x): return x"),
    ("def f(x, /): return x", "def f(x): return x"),
    ("def f(): return 1", "def f(): return True"),
    ("def f(): return 0.0", "def f(): return -0.0"),
    ("def f(x): return x in {'a', 'b'}", "def f(x): return x in {'a', 'c'}"),
    ("def f(x): return x.a", "def f(x): return x.b"),
    ("def f(x): return x < 1", "def f(x): return x <= 1"),
    (
        "def f(x):\n    if x:\n        if x.a:\n            x.b()\n        x.c()\n    x.d()",
        "def f(x):\n    if x:\n        if x.a:\n            x.b()\n            x.c()\n    x.d()",
    ),
    ("def f(x):\n    while x: x -= 1", "def f(x):\n    if x: x -= 1"),
    ("def f(x): return [y for y in x if y]", "def f(x): return [y for y in x if not y]"),
    (
        "def f():\n    class K:\n        a = N\n    return K\nN = 1",
        "def f():\n    class K:\n        a = N\n    return K\nN = 2",
    ),
    ("def f():\n    global N\n    N = 1\nN = 0", "def f():\n    global M\n    M = 1\nN = 0"),
    ("def f(): return lambda: N\nN = 1", "def f(): return lambda: N\nN = 2"),
    ("def f(): return __file__\n__file__ = 'a'", "def f(): return __file__\n__file__ = 'b'"),
    (
        "def f(): return g()\ndef g(): return h()\ndef h(): return 1",
        "def f(): return g()\ndef g(): return h()\ndef h(): return 2",
    ),
    ("import json\ndef f(): return N\nN = json.dumps", "import json\ndef f(): return N\nN = json.loads"),
    (
        "import logging\nf = logging.getLogger(__name__ + '.a')",
        "import logging\nf = logging.getLogger(__name__ + '.b')",
    ),
    ("class f:\n    x: int", "class f:\n    y: int"),
    ("class f:\n    x: int", "class f:\n    x: str"),
    ("def f(x): return x", "def f(x: int) -> int: return x"),
    (
        "class A:\n    def __reduce_ex__(self, protocol): return A, ()\nf = A()",
        "class A:\n    def __reduce_ex__(self, protocol): return A, ()\nf = A()\nf.cache = 1",
    ),
    *(
        (f"{text}\n{first}", f"{text}\n{first}\n{then}")
        for text, first, then in [
            ("import enum\nclass A(enum.Enum): X = 1", "f = A.X", "f.handlers = [1]"),
            ("", "f = ValueError(1)", "f.__cause__ = KeyError(2)"),
            ("", "f = ValueError(1)", "f.__suppress_context__ = True"),
            ("import datetime\nclass A(datetime.date): pass", "f = A(2024, 1, 1)", "f.holiday = True"),
            ("import datetime\nclass A(datetime.datetime): pass", "f = A(2024, 1, 1)", "f.note = 1"),
            ("import pathlib\nclass A(pathlib.PosixPath): pass", "f = A('a')", "f.mode = 1"),
            ("import functools", "@functools.cache\ndef f(): pass", "f.hits = 1"),
            ("import abc\nclass f(abc.ABC): pass", "", "f.register(int)"),
            ("import collections.abc", "class f: pass", "collections.abc.Sized.register(f)"),
        ]
    ),
    ("def f(): return print", "def f(): return print\nprint = len"),
    *(
        (f"import json\ndef f(): return {one}", f"json = __import__('json')\ndef f(): return {other}")
        for one, other in (
            ("json.dumps(1)", "json.loads(1)"),
            ("json.dumps(1)", "json.dumps"),
            ("json.dumps(1)", "json.dumps(json)"),
            ("json(json.dumps)", "json.json(dumps)"),
            ("json.dumps.a(1)", "json.dumps(1).a"),
            ("json.dumps[0](1)", "json.dumps(0)[1]"),
            ("json.dumps[0](1)", "json.dumps(1)[0]"),
            ("json.dumps(*json)", "json.dumps(json)"),
        )
    ),
]


@pytest.mark.parametrize(("one", "other"), FUNCTIONS)
def test_functions_that_differ_in_one_thing_have_different_forms(one: str, other: str) -> None:
    first, second, third = (value_form(defined(text, "f")) for text in (one, one, other))
    assert digest(first) == digest(second) != digest(third)
    assert differences(first, third)


EQUAL_FUNCTIONS = [
    ("def f(x): return x\nN = 1", "def f(x):\n    # a comment\n\n    return x\nM = 2"),
    ("def f(x):\n    '''A.\n\n    B.'''", "def f(x):\n  '''A.\n\n  B.'''"),
    ("def f(x):\n    while True:\n        pass", "def f(x):\n    while True: pass"),
    ("def f(x): return N.a\na = 1\nN = str", "def f(x): return N.a\na = 2\nN = str"),
    ("def f(x): return __name__", "def f(x): return __name__\n__name__ = 'unusual_prefix_2_other'"),
    (
        "import logging\nlog = logging.getLogger(__name__)\ndef f(): log.info(1)",
        "import logging\nlog = logging.getLogger('unusual_prefix_2_other')\ndef f(): log.info(1)",
    ),
    ("def f(): return g\ndef g(): return f", "def f(): return g\ndef g(): return f\nN = f"),
    ("class A: pass\nf = A()", "class A: pass\ng = A()\nf = g"),
    ("import structlog\nf = structlog.get_logger()", "import structlog\nf = structlog.get_logger()\nf.new()"),
    ("class A:\n    pass\n\nf = [A() for _ in range(2)]", "class A:\n    pass\n\nf = [A()] * 2"),
    *(  # Python compiles calls of what an import has bound otherwise
        (f"import json\n{text}", f"json = __import__('json')\n{text}")
        for text in (
            "def f(): return json.dumps(1), json.dumps(*[1]), json.decoder.scanstring('a', 0), json.loads",
            "def f(json): return json.dumps(1, indent=2) if json.dumps(2) else [json.dumps(x) for x in json.x()]",
            "def f(json):\n    while json.dumps(1):\n        json.loads(json.dumps)(json)\n        del json",
            "def f(json): return lambda: (json.dumps(1), json.loads)",
            "class f:\n    a = json.dumps(1)\n    json = 1\n    a, b = json.real, json.bit_count()",
            "def f():\n    try:\n        json.a()\n    except json.b():\n        (json.c if json.d else json.e)(1)",
        )
    ),
]


@pytest.mark.parametrize(("one", "other"), EQUAL_FUNCTIONS)
def test_functions_that_do_the_same_have_one_form(one: str, other: str) -> None:
    forms = [value_form(defined(text, "f")) for text in (one, other)]
    assert differences(forms[0], forms[1]) == []
    assert digest(forms[0]) == digest(forms[1])


def test_codes_that_python_takes_for_equal_may_belong_to_different_classes() -> None:
    one, other = (defined(f"class {name}:\n    def f(self): return 1", name).f for name in "AB")
    assert one.__code__ == other.__code__
    sentences = differences(value_form(one), value_form(other))
    assert sentences == ['the value, its qualified name is "A.f", written as "B.f"']


def test_what_can_be_imported_is_known_by_its_name() -> None:
    form = value_form([json.dumps, json.JSONEncoder, json.JSONEncoder.encode, conf, Level.LOW])
    names = {content[1] for content in form["nodes"].values() if content[0] == "name"}
    assert {"json.dumps", "json.encoder.JSONEncoder", "json.encoder.JSONEncoder.encode"} < names
    assert "airflow.configuration.conf" in names


def test_what_only_has_the_name_of_something_else_is_not_known_by_it() -> None:
    copy = types.FunctionType(json.dumps.__code__, json.dumps.__globals__, "dumps")
    copy.__module__, copy.__qualname__ = "json", "dumps"
    assert digest(value_form(copy)) != digest(value_form(json.dumps))


def test_what_is_made_for_the_form_only_is_not_confused() -> None:
    contents = value_form([re.compile(str(number)) for number in range(100)])["nodes"].values()
    assert [content[0] for content in contents].count("made") == 100


@pytest.mark.parametrize("name", ["unusual_prefix_1_file", "__main__", "orders"])
def test_what_only_the_file_has_is_not_known_by_its_name(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module = types.ModuleType(name)
    exec(compile("def f(): return 1", "file.py", "exec"), vars(module))
    monkeypatch.setitem(sys.modules, name, module)
    contents = value_form(module.f, module="orders")["nodes"].values()
    assert "function" in [content[0] for content in contents]


DEFINED = Plain(1)
REFUSED: list[tuple[Callable[[], Any], str]] = [
    (
        lambda: defined("import sys\ndef f(): return sys.modules[__name__].N\nN = 1", "f"),
        "the value looks its own file up by __name__",
    ),
    (
        lambda: Plain({"a": [socket.socket()]}),
        'the value.x["a"][0] is a socket.socket, of which nobody can tell',
    ),
    (lambda: (n for n in [1]), "the value is a builtins.generator, of which nobody can tell what it holds"),
    (lambda: weakref.proxy(DEFINED), "the value is a weak proxy of a Plain, which cannot be compared"),
    (
        lambda: defined("def f(): return globals()['N']", "f"),
        "the value uses globals, so that nobody can tell",
    ),
    (lambda: defined("look = eval\ndef f(): return look('N')\nN = 1", "f"), "the value uses eval"),
    (
        lambda: defined("def f(look=exec): return look('N')\nN = 1", "f"),
        "the value, default of look uses exec",
    ),
    (lambda: defined("import builtins as b\ndef f(): return b.eval('N')", "f"), "the value uses builtins"),
    (
        lambda: defined("def f():\n    import builtins as b\n    return b.eval('N')", "f"),
        "the value looks things up by builtins",
    ),
    (lambda: defined("def f(): return f.__globals__['N']", "f"), "the value looks things up by __globals__"),
    (
        lambda: defined("import functools\n@functools.cache\ndef f(): return 1\nf()", "f"),
        "the value has kept results in its cache",
    ),
    (
        lambda: defined(
            "import functools\nclass A:\n    @functools.cached_property\n    def n(self): return 1\nf = A()\nf.n",
            "f",
        ),
        "the value has kept a value in its cached property n",
    ),
    (
        lambda: defined("import socket\ns = socket.socket()\ndef f(): return s", "f"),
        "the value, global s is a socket",
    ),
    (
        lambda: defined("def g(x):\n    def f(): return x\n    return f\nf = g(n for n in [1])", "f"),
        "the value, closure variable x is a builtins.generator, of which nobody can tell",
    ),
]


@pytest.mark.parametrize(("value", "reason"), REFUSED, ids=[row[1] for row in REFUSED])
def test_what_cannot_be_compared_is_refused_with_its_place(value: Callable[[], Any], reason: str) -> None:
    with pytest.raises(NotComparable) as refusal:
        value_form(value())
    assert refusal.value.reason.startswith(reason)


def sentences(one: Any, other: Any) -> list[str]:
    return differences(value_form(one), value_form(other))


def test_sentences_are_short_and_can_be_printed() -> None:
    assert sentences("a" * 100 + "b", "a" * 100 + "c") == [
        f'the value is …{"a" * 23}b", written as …{"a" * 23}c"'
    ]
    assert sentences([1] * 50, "a") == ['the value is [1, 1, 1, 1, 1, 1, …], written as "a"']
    assert sentences("\u202ea\ud800\0", "ü") == [r'the value is "\u202ea\ud800\u0000", written as "ü"']


def test_the_most_sentences_are_as_many_as_asked_for() -> None:
    forms = value_form(list(range(9))), value_form(list(range(1, 10)))
    assert len(differences(*forms)) == 5
    assert differences(forms[0], forms[1], limit=1) == ["the value[0] is 0, written as 1"]


def dag_of(folder: Path, text: str) -> DAG:
    folder.mkdir(exist_ok=True)
    path = folder / "factory.py"
    path.write_text(text)
    bag = DagBag(path, safe_mode=False)
    assert not bag.import_errors, bag.import_errors
    (dag,) = bag.dags.values()
    return dag


def test_a_dag_that_airflow_cannot_serialize_is_refused_in_airflows_words(tmp_path: Path) -> None:
    text = (
        "from airflow.sdk import DAG\nfrom airflow.sdk.bases.timetable import BaseTimetable\n"
        "class Never(BaseTimetable):\n    pass\n"
        "with DAG('orders', schedule=Never()):\n    pass"
    )
    with pytest.raises(NotComparable, match=r"Airflow cannot serialize the DAG: .*Never"):
        dag_form(dag_of(tmp_path, text))


def test_a_search_path_stands_for_the_dags_own(tmp_path: Path) -> None:
    text = "from airflow.sdk import DAG\nwith DAG('orders', template_searchpath={}):\n    pass"
    original, other = (dag_of(tmp_path, text.format(path)) for path in ("None", "['/bundle']"))
    assert dag_form(original) != dag_form(other)
    forms = [dag_form(dag, search_path=["/bundle"]) for dag in (original, other)]
    assert forms[0] == forms[1]
    assert "/bundle" not in json.dumps(forms[0]["stored"])
    assert differences(forms[0], dag_form(other, search_path=["/bundle", "/more"])) == [
        'DAG: template_searchpath[1] is not there, written as "/more"'
    ]


def test_what_airflow_stores_is_compared_as_well(tmp_path: Path) -> None:
    form = dag_form(
        dag_of(tmp_path, "from airflow.sdk import DAG\nwith DAG('orders', tags=['a']):\n    pass")
    )
    other = json.loads(json.dumps(form))
    other["stored"]["tags"][0] = "b"
    assert digest(form) != digest(other)
    assert differences(form, other) == ['DAG, as stored: tags[0] is "a", written as "b"']


def test_what_airflow_has_stored_before_does_not_count(tmp_path: Path) -> None:
    text = (
        "from airflow.sdk import DAG, BaseOperator\nclass Check(BaseOperator):\n    pass\n"
        "with DAG('orders') as orders:\n    Check.partial(task_id='check').expand(pool=['a'])\n"
        "with DAG('customers') as customers:\n    Check(task_id='check')"
    )
    path = tmp_path / "factory.py"
    path.write_text(text)
    dags = DagBag(path, safe_mode=False).dags
    before = dag_form(dags["orders"])
    dag_form(dags["customers"])
    assert dag_form(dags["orders"]) == before


def test_where_something_is_shows_in_nothing_that_airflow_stores(tmp_path: Path) -> None:
    text = (
        "import dataclasses\nfrom airflow.providers.standard.operators.python import PythonOperator\n"
        "from airflow.sdk import DAG\n@dataclasses.dataclass\nclass Row:\n    held: object\n    kind: type\n{}"
        "with DAG('orders'):\n    PythonOperator(task_id='load', python_callable=print, op_args=[Row(f, Row), f])"
    )
    inside = "def make():\n    def f(): return 1\n    return f\nf = make()\n"
    forms = [
        dag_form(dag_of(tmp_path / folder, text.format(definition)))
        for folder, definition in (("a", inside), ("b", "def f(): return 1\n"))
    ]
    assert differences(forms[0], forms[1]) == []
    assert digest(forms[0]) == digest(forms[1])


def test_the_order_of_tasks_counts_across_groups(tmp_path: Path) -> None:
    text = (
        "from airflow.providers.standard.operators.empty import EmptyOperator\nfrom airflow.sdk import DAG, TaskGroup\n"
        "with DAG('orders'):\n    group = TaskGroup('group')\n"
        "    for name, place in {}:\n        EmptyOperator(task_id=name, task_group=place)"
    )
    orders = ("[('a', None), ('b', group)]", "[('b', group), ('a', None)]")
    forms = [dag_form(dag_of(tmp_path, text.format(order))) for order in orders]
    assert (
        differences(forms[0], forms[1])[-1]
        == "DAG, the order of its tasks is a, group.b, written as group.b, a"
    )


def test_tasks_of_other_dags_are_known_by_their_names(tmp_path: Path) -> None:
    text = (
        "from airflow.providers.standard.operators.empty import EmptyOperator\n"
        "from airflow.providers.standard.operators.python import PythonOperator\n"
        "from airflow.sdk import DAG\nother = EmptyOperator(task_id='other', dag=DAG('{}', auto_register=False))\n"
        "with DAG('orders'):\n    PythonOperator(task_id='load', python_callable=lambda: other)"
    )
    forms = [dag_form(dag_of(tmp_path, text.format(name))) for name in ("customers", "customers", "clients")]
    assert digest(forms[0]) == digest(forms[1]) != digest(forms[2])


def test_what_airflow_stores_is_searched_in_one_pass_however_long_a_word_is() -> None:
    word = "x" * 1_000_000  # such as an image in a text; a search that began at each letter would take hours
    assert AROUND.sub("", f"{word} a.b.<locals>.{word}") == f"{word} {word}"
