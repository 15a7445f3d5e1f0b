"""One change of a DAG file changes its form and is named, or makes no difference to what its DAG does."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from airflow.dag_processing.dagbag import DagBag

from dagfreeze.proof.forms import dag_form, differences, digest

FACTORY = '''
import datetime
import functools
import logging
import re
from enum import Enum
from pathlib import Path

import pendulum
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.providers.standard.sensors.time_delta import TimeDeltaSensor
from airflow.sdk import DAG, Asset, BaseOperator, Label, Param, TaskGroup, task, task_group

LIMIT = 5
RATES = {"eu": 1.5, "us": 2}
UNUSED = 1
KEYS = {"a", "b", "c"}
PATTERN = re.compile("a+", re.IGNORECASE)
log = logging.getLogger(__name__)


class Mode(Enum):
    FULL = "full"
    DELTA = "delta"


def helper(rows: int, factor=3):
    """Count.

    In thousands.
    """
    log.info("rows %s", rows)
    return len(rows) * factor + LIMIT


def load(table, *, mode="full", context=None):
    try:
        rows = list(row for row in range(10) if row % 2)
    except ValueError:
        rows = []
    return helper(rows), RATES[table], PATTERN.match(mode), table in KEYS, mode in {'full', 'delta', 'none'}, Mode.FULL


def retrying(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        for _ in range(3):
            return function(*args, **kwargs)
    return wrapper


def reader(table):
    def read():
        return table
    return read


@retrying
def wrapped():
    return 1


async def fetch():
    return 7


def numbers():
    yield 8


@functools.lru_cache(maxsize=16)
def cached(x):
    return x


def uses_cached():
    def inner(y):
        return y * 11
    return cached(1), fetch, numbers, inner(2), recursive(3)


def recursive(n):
    return recursive(n - 1) if n else other(n)


def other(n):
    return recursive(n) if n > 13 else 0


def alert(context):
    print("failed")


class Base(BaseOperator):
    colour = "red"

    def __init__(self, place, **kwargs):
        super().__init__(**kwargs)
        self.place = place

    def execute(self, context):
        return self.describe(17)

    def describe(self, n):
        return n

    @property
    def size(self):
        return 19

    @staticmethod
    def unit():
        return 23


class Copy(Base):
    template_fields = ("place",)


class Stamp:
    def __init__(self, text):
        self.text = text

    def __call__(self, context):
        return self.text


with DAG(
    "orders",
    schedule="@daily",
    start_date=pendulum.datetime(2024, 1, 1, tz="Europe/Berlin"),
    description="Orders of a day",
    tags=["sales", "daily"],
    doc_md="# Orders",
    params={"table": Param("eu", type="string"), "rows": Param(1)},
    default_args={"retries": 2},
    user_defined_macros={"double": lambda x: x * 2},
    user_defined_filters={"upper": str.upper},
    template_searchpath=["/templates"],
    on_failure_callback=alert,
    max_active_runs=3,
    dagrun_timeout=datetime.timedelta(hours=2),
) as dag:
    start = EmptyOperator(task_id="start")
    extract = BashOperator(
        task_id="extract",
        bash_command="echo {{ params.table }}",
        env={"A": "1", "B": "2"},
        skip_on_exit_code=[99, 100],
        pool="small",
        on_success_callback=[alert],
    )
    loading = PythonOperator(
        task_id="load",
        python_callable=load,
        op_kwargs={"table": "eu", "mode": extract.output},
        op_args=[1, 2.0, True, None, (1, 2), {"x"}, b"y"],
        trigger_rule="all_done",
        retry_delay=datetime.timedelta(minutes=1),
        outlets=[Asset("s3://orders")],
        executor_config={"path": Path("/data"), "mode": Mode.FULL},
    )
    reading = PythonOperator(task_id="read", python_callable=reader("customers"))
    wrapping = PythonOperator(task_id="wrap", python_callable=wrapped)
    lambdas = PythonOperator(task_id="lambda", python_callable=lambda x=1, *, y=2: x + y + 29, op_args=[0])
    partial = PythonOperator(task_id="partial", python_callable=functools.partial(helper, [1], factor=31))
    caching = PythonOperator(task_id="cached", python_callable=uses_cached)
    stamping = PythonOperator(task_id="stamp", python_callable=Stamp("now"))
    copying = Copy(task_id="copy", place="/a", on_failure_callback=Stamp("failed"))
    waiting = TimeDeltaSensor(task_id="wait", delta=datetime.timedelta(hours=1), mode="reschedule")
    copies = Copy.partial(task_id="copies").expand(place=["/a"])
    mapped = BashOperator.partial(task_id="mapped", retries=4).expand(bash_command=["a", "b"])

    with TaskGroup("checks", tooltip="All checks") as checks:
        first = EmptyOperator(task_id="first")
        second = EmptyOperator(task_id="second")
        first >> second

    @task
    def rows(n=2):
        return [n]

    @task(multiple_outputs=False)
    def show(value):
        return value

    many = show.partial().expand(value=rows().map(lambda value: value + 37))

    @task_group
    def each(value):
        show(value)

    each.expand(value=[1, 2])

    create = EmptyOperator(task_id="create").as_setup()
    drop = EmptyOperator(task_id="drop").as_teardown(setups=create)
    create >> waiting >> drop

    start >> Label("every day") >> extract
    start >> [reading, wrapping] >> copying
    loading >> checks
'''

CHANGES = [
    [line.partition(": ")[2].replace("⏎", "\n") for line in block.splitlines()]
    for block in Path(__file__).with_name("form_changes.txt").read_text().split("\n\n")
]
"""What is replaced, what by, and the first sentence that says so; … stands for what depends on Python's version."""

WITHOUT_EFFECT = [
    ("a line above", "import datetime\n", "# Orders\n\n\nimport datetime\n"),
    ("a comment in a function", "    try:\n", "    # odd rows\n\n    try:\n"),
    (
        "an expression over two lines",
        "len(rows) * factor + LIMIT",
        "(\n        len(rows) * factor\n        + LIMIT\n    )",
    ),
    ("the name of a global that nobody reads", "UNUSED = 1", "NEVER_READ = 2"),
    ("the order of a set", '{"a", "b", "c"}', '{"c", "b", "a"}'),
    ("the order of tags", '"sales", "daily"', '"daily", "sales"'),
    ("a keyword that says the default", 'pool="small"', 'pool="small", append_env=False, retries=2'),
    ("a mapped task's keyword that says the default", "retries=4", "queue='default', retries=4"),
    ("a setup that the teardown makes one", ".as_setup()", ""),
    ("an annotation as a text", "def helper(rows: int", "def helper(rows: 'int'"),
    ("a `__future__`", "import datetime\n", "from __future__ import annotations\nimport datetime\n"),
    (
        "the order of globals",
        'LIMIT = 5\nRATES = {"eu": 1.5, "us": 2}\n',
        'RATES = {"eu": 1.5, "us": 2}\nLIMIT = 5\n',
    ),
    ("another way to write a constant", "LIMIT = 5", "LIMIT = 10 // 2"),
    (
        "a trigger rule as a member",
        'trigger_rule="all_done"',
        'trigger_rule=__import__("airflow.sdk").sdk.TriggerRule.ALL_DONE',
    ),
    (
        "a look at what an operator makes when asked",
        "    loading >> checks\n",
        "    loading >> checks\n    extract.log, extract.subprocess_hook\n",
    ),
    (
        "how a group is named when its name is taken",
        'TaskGroup("checks",',
        'TaskGroup("checks", add_suffix_on_collision=True,',
    ),
    ("a comment beside a function that maps", "value: value + 37))", "value: value + 37))  # more"),
    ("seconds for a duration", "retry_delay=datetime.timedelta(minutes=1)", "retry_delay=60"),
    (
        "the order of edges",
        "start >> [reading, wrapping] >> copying",
        "[wrapping, reading] >> copying\n    start >> reading\n    start >> wrapping",
    ),
]


def form_of(folder: Path, text: str, name: str = "factory.py") -> dict[str, Any]:
    """Form the one DAG of a file."""
    path = folder / name
    path.write_text(text)
    bag = DagBag(path, safe_mode=False)
    assert not bag.import_errors, bag.import_errors
    (dag,) = bag.dags.values()
    return dag_form(dag)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return form_of(tmp_path_factory.mktemp("original"), FACTORY)


@pytest.mark.parametrize(("old", "new", "sentence"), CHANGES, ids=[change[2] for change in CHANGES])
def test_a_change_is_noticed_and_named(
    original: dict[str, Any], tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    assert FACTORY.count(old) == 1
    changed = form_of(tmp_path, FACTORY.replace(old, new))
    assert digest(changed) != digest(original)
    first = differences(original, changed)[0]
    assert first.startswith(sentence[:-1]) if sentence.endswith("…") else first == sentence


@pytest.mark.parametrize(
    ("old", "new"), [row[1:] for row in WITHOUT_EFFECT], ids=[row[0] for row in WITHOUT_EFFECT]
)
def test_a_change_without_effect_is_none(
    original: dict[str, Any], tmp_path: Path, old: str, new: str
) -> None:
    assert FACTORY.count(old) == 1
    changed = form_of(tmp_path, FACTORY.replace(old, new))
    assert differences(original, changed) == []
    assert digest(changed) == digest(original)


INSIDE = """
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, BaseOperator

LIMIT = 5

def build():
    def load(size=2):
        \'\'\'Load.

        All rows.
        \'\'\'
        class Row:
            width = size

            def show(self):
                return super().__repr__(), LIMIT
        return Row, [lambda: size]

    class Check(BaseOperator):
        '''Check.

        All rows.
        '''
        def __init__(self, **kwargs):
            super().__init__(**kwargs)

        def execute(self, context):
            return LIMIT

    return load, Check

load, Check = build()
with DAG("orders"):
    PythonOperator(task_id="load", python_callable=load) >> Check(task_id="check")
"""


def test_where_a_function_or_a_class_is_defined_does_not_count(tmp_path: Path) -> None:
    before, definitions, after = re.split(
        r"def build\(\):\n|    return load, Check\n\nload, Check = build\(\)\n", INSIDE
    )
    outside = before + textwrap.dedent(definitions) + after
    inside, moved = form_of(tmp_path, INSIDE), form_of(tmp_path, outside)
    assert differences(inside, moved) == []
    assert digest(inside) == digest(moved)


def test_what_many_tasks_share_is_said_once(original: dict[str, Any], tmp_path: Path) -> None:
    changed = form_of(
        tmp_path,
        FACTORY.replace("LIMIT = 5", "LIMIT = 6").replace(
            "python_callable=wrapped", "python_callable=helper"
        ),
    )
    before = form_of(tmp_path, FACTORY.replace("python_callable=wrapped", "python_callable=helper"))
    assert len(differences(before, changed)) == 1


def test_what_follows_from_another_class_is_not_said(original: dict[str, Any], tmp_path: Path) -> None:
    old, new = 'EmptyOperator(task_id="start")', 'BashOperator(task_id="start", bash_command="")'
    assert len(differences(original, form_of(tmp_path, FACTORY.replace(old, new)))) == 1


def test_a_file_imported_twice_has_one_form(original: dict[str, Any], tmp_path: Path) -> None:
    assert digest(form_of(tmp_path, FACTORY)) == digest(form_of(tmp_path, FACTORY)) == digest(original)


def test_the_name_of_the_file_does_not_count(original: dict[str, Any], tmp_path: Path) -> None:
    assert digest(form_of(tmp_path, FACTORY, "orders-2.frozen.py")) == digest(original)


def test_a_form_survives_json(original: dict[str, Any]) -> None:
    assert json.loads(json.dumps(original)) == original


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_process_does_not_count(original: dict[str, Any], tmp_path: Path, seed: str) -> None:
    path = tmp_path / "factory.py"
    path.write_text(FACTORY)
    code = (
        "import sys; from airflow.dag_processing.dagbag import DagBag;"
        "from dagfreeze.proof.forms import dag_form, digest;"
        "(dag,) = DagBag(sys.argv[1], safe_mode=False).dags.values(); print(digest(dag_form(dag)))"
    )
    package = Path(sys.modules["dagfreeze"].__path__[0]).parent
    result = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(package)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.split()[-1] == digest(original)
