"""What is written reads like its factory: variables keep their names, and what is copied its comments."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dagfreeze.build import Options, build
from dagfreeze.sources import Source
from dagfreeze.worker import Workers, workers

pytestmark = [pytest.mark.airflow, pytest.mark.timeout(600)]

HEAD = """\
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, TaskGroup, chain, task, task_group
"""
HELPER = """\
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG


def built(name):
    with DAG(name, schedule=None) as dag:
        EmptyOperator(task_id="only").as_setup()
    return dag


def checked(name):
    return EmptyOperator(task_id=name)


def paired(name):
    return EmptyOperator(task_id=name) >> EmptyOperator(task_id=f"{name}_2")


client = {"a": 1}


def made(count):
    count += 1

    def load():
        return client, count

    return load
"""


@pytest.fixture(scope="module")
def started() -> Iterator[Workers]:
    with workers() as processes:
        yield processes


@pytest.fixture
def frozen(tmp_path: Path, started: Workers) -> Callable[[str], str]:
    """Freezes the text of a factory."""

    def freeze(text: str) -> str:
        (tmp_path / "helping.py").write_text(HELPER)
        file = tmp_path / "factory.py"
        file.write_text(HEAD + text)
        result = build(
            [Source(file, file.name, None)], Options(tmp_path / "out", tmp_path), started, lambda text: None
        )
        assert not result.refusals and not result.errors
        (content,) = result.files.values()
        return content.decode()

    return freeze


def body(text: str) -> list[str]:
    """The statements of the only DAG, behind its head."""
    head, _, inside = text.rpartition("schedule=None")
    assert head
    return [line.strip() for line in inside.splitlines()[1:] if not line.strip().startswith(")")]


TASKS = """
@task
def list_files():
    return [1]

@task
def load(file):
    return file

"""


def test_variables_have_the_names_that_the_factory_gave_them(frozen: Callable[[str], str]) -> None:
    text = frozen(
        TASKS
        + """
with DAG("named", schedule=None):
    files = list_files()
    loaded = load.partial().expand(
        file=files,
    )
    again = load.override(
        task_id="load_again"
    )(loaded)
    said: BashOperator = BashOperator.partial(task_id="say").expand(
        bash_command=["true"],
    )
    end = last_ = EmptyOperator(task_id="bye")
    größe = (
        EmptyOperator(task_id="size")
    )
    with TaskGroup("all_checks") as checks:
        pass
    again >> said >> end >> größe >> checks
"""
    )
    assert body(text) == [
        "files = list_files()",
        "loaded = load.partial().expand(file=files)",
        'again = load.override(task_id="load_again")(loaded)',
        'said = BashOperator.partial(task_id="say").expand(bash_command=["true"])',
        'end = EmptyOperator(task_id="bye")',
        'größe = EmptyOperator(task_id="size")',
        'checks = TaskGroup(group_id="all_checks")',
        "again >> said >> end >> größe >> checks",
    ]


def test_the_outer_one_of_two_calls_has_the_name(frozen: Callable[[str], str]) -> None:
    text = frozen(
        TASKS + 'with DAG("d", schedule=None):\n    done = load(load(list_files()))\n    load(done)\n'
    )
    assert body(text) == [
        "list_files_1 = list_files()",
        "load_1 = load(list_files_1)",
        "done = load(load_1)",
        "load(done)",
    ]


def test_a_group_of_a_function_has_its_name(frozen: Callable[[str], str]) -> None:
    text = frozen(
        """
@task_group
def both(letter):
    first = EmptyOperator(task_id="a")
    second = BashOperator(task_id="b", bash_command=letter)
    first >> second

with DAG("grouped", schedule=None):
    start = EmptyOperator(task_id="begin")
    mapped = both.expand(letter=["x", "y"])
    start >> mapped
"""
    )
    assert [line for line in body(text) if " = " in line and "def" not in line] == [
        'start = EmptyOperator(task_id="begin")',
        'first = EmptyOperator(task_id="a")',
        'second = BashOperator(task_id="b", bash_command=letter)',
        'mapped = both.expand(letter=["x", "y"])',
    ]


def test_functions_that_make_tasks_name_them_where_they_return_one(frozen: Callable[[str], str]) -> None:
    text = frozen(
        """
from helping import checked, paired

def two():
    left = EmptyOperator(task_id="a")
    right = EmptyOperator(task_id="b")
    left >> right
    return right

with DAG("helped", schedule=None):
    check = checked("c")
    pair = paired("d")
    check >> two() >> pair
"""
    )
    assert body(text) == [
        'check = EmptyOperator(task_id="c")',
        'd = EmptyOperator(task_id="d")',
        'd_2 = EmptyOperator(task_id="d_2")',
        "d >> d_2",
        'left = EmptyOperator(task_id="a")',
        'right = EmptyOperator(task_id="b")',
        "left >> right",
        "check >> right >> d_2",
    ]


@pytest.mark.parametrize(
    "tasks",
    [
        'ts = [EmptyOperator(task_id=f"s_{i}") for i in range(2)]\nchain(*ts)',
        'u = None\nfor i in (0, 1):\n    t = EmptyOperator(task_id=f"s_{i}")\n    u = u >> t if u else t',
        't = EmptyOperator(task_id="s_0")\nu = t\nt = EmptyOperator(task_id="s_1")\nu >> t',
        '_ = EmptyOperator(task_id="s_0")\n_ >> EmptyOperator(task_id="s_1")',
        'id = EmptyOperator(task_id="s_0")\nDAG = EmptyOperator(task_id="s_1")\nid >> DAG',
        't = [EmptyOperator(task_id="s_0")]\nt >> EmptyOperator(task_id="s_1")',
        't = EmptyOperator(task_id="s_0") >> EmptyOperator(task_id="s_1")',
        't = list([EmptyOperator(task_id="s_0")])\nt >> EmptyOperator(task_id="s_1")',
    ],
)
def test_ids_name_tasks_whose_factory_has_no_name_for_one_only(
    tasks: str, frozen: Callable[[str], str]
) -> None:
    inside = "".join(f"        {line}\n" for line in tasks.splitlines())
    text = frozen(f'def made():\n    global DAG\n    with DAG("d", schedule=None):\n{inside}\nmade()\n')
    assert body(text) == [
        's_0 = EmptyOperator(task_id="s_0")',
        's_1 = EmptyOperator(task_id="s_1")',
        "s_0 >> s_1",
    ]


def test_the_name_of_a_dag_is_none_of_its_tasks(frozen: Callable[[str], str]) -> None:
    text = frozen('from helping import built\nshop = built("d")\n')
    assert body(text) == ['EmptyOperator(task_id="only").as_setup()']


def test_setups_and_teardowns_are_marked_where_they_are_made(frozen: Callable[[str], str]) -> None:
    text = frozen(
        TASKS
        + """
with DAG("d", schedule=None):
    up = EmptyOperator(task_id="cluster_up").as_setup()
    files = list_files().as_setup()
    down = EmptyOperator(task_id="cluster_down").as_teardown(setups=up)
    mapped = EmptyOperator.partial(task_id="each").expand(doc_md=["x"]).as_teardown(setups=[up, files])
    loaded = load(files).as_teardown(setups=files, on_failure_fail_dagrun=True)
    later = EmptyOperator(task_id="last")
    up >> down >> later.as_teardown(setups=up)
    one = EmptyOperator(task_id="one").as_teardown(setups=EmptyOperator(task_id="two").as_setup())
"""
    )
    assert body(text) == [
        'up = EmptyOperator(task_id="cluster_up").as_setup()',
        "files = list_files().as_setup()",
        'down = EmptyOperator(task_id="cluster_down").as_teardown(setups=up)',
        'EmptyOperator.partial(task_id="each").expand(doc_md=["x"]).as_teardown(',
        "setups=[up, files],",
        "load(files).as_teardown(setups=files, on_failure_fail_dagrun=True)",
        'later = EmptyOperator(task_id="last")',
        "later.as_teardown()",
        "up >> down",
        "up >> later",
        "down >> later",
        'one = EmptyOperator(task_id="one")',
        "one.as_teardown()",
        'two = EmptyOperator(task_id="two").as_setup()',
        "two >> one",
    ]


def test_an_edge_that_a_label_between_groups_makes_is_not_written_again(
    frozen: Callable[[str], str],
) -> None:
    text = frozen(
        """
from airflow.sdk import Label
with DAG("d", schedule=None):
    with TaskGroup("g") as g:
        EmptyOperator(task_id="a")
    with TaskGroup("h") as h:
        EmptyOperator(task_id="b")
        EmptyOperator(task_id="c")
    g >> Label("ok") >> h
"""
    )
    assert body(text)[-2:] == ['EmptyOperator(task_id="c")', 'g >> Label("ok") >> h']


def test_a_list_of_one_group_is_written_as_the_group(frozen: Callable[[str], str]) -> None:
    text = frozen(
        """
with DAG("d", schedule=None):
    with TaskGroup("g") as g:
        EmptyOperator(task_id="a")
    with TaskGroup("none") as none:
        pass
    begin = EmptyOperator(task_id="begin")
    end = EmptyOperator(task_id="end")
    begin >> [g] >> end
    begin >> [none] >> end
"""
    )
    assert body(text)[-3:] == ["begin >> g >> end", "begin >> none", "end << none"]


def test_objects_have_the_names_that_the_factory_gave_them(frozen: Callable[[str], str]) -> None:
    text = frozen(
        """
from functools import partial
from airflow.sdk import Asset, asset
def tell(context, channel):
    pass
prices = [Asset("daily/prices")]
def build():
    orders, clients = Asset("orders_of_one"), Asset("clients_of_one")
    with DAG("d", schedule=prices[0] & orders):
        BashOperator(task_id="a", bash_command="x", outlets=[orders, clients], inlets=prices)
        BashOperator(task_id="b", bash_command="x", outlets=[clients])
build()
for name in ("e", "f"):
    on_fail = partial(tell, channel=name)
    with DAG(name, schedule=None, default_args={"on_failure_callback": on_fail}):
        BashOperator(task_id="a", bash_command="x", on_failure_callback=on_fail)
"""
    )
    assert [line.strip() for line in text.splitlines() if " = " in line and "WANTED" not in line] == [
        'daily_prices = Asset("daily/prices")',
        'orders = Asset("orders_of_one")',
        'clients = Asset("clients_of_one")',
        'on_fail = partial(tell, channel="e")',
        'on_fail = partial(tell, channel="f")',
    ]


def test_an_alias_is_written_by_its_name(frozen: Callable[[str], str]) -> None:
    text = frozen(
        """
from airflow.sdk import Asset, AssetAlias
alias = AssetAlias("any-price")
@task(outlets=[alias])
def combine(*, outlet_events):
    outlet_events[alias].add(Asset("all"))
with DAG("d", schedule=None):
    combine()
    BashOperator(task_id="a", bash_command="x", outlets=[alias])
"""
    )
    assert text.count("AssetAlias(") == 1 and text.count("outlets=[alias]") == 2


def test_a_name_that_a_copied_function_needs_is_no_task(frozen: Callable[[str], str]) -> None:
    text = frozen(
        """
from airflow.providers.standard.operators.python import PythonOperator
import helping

def build():
    with DAG("d", schedule=None):
        client = EmptyOperator(task_id="first")
        other = PythonOperator(task_id="second", python_callable=helping.made(1))
        client >> other

build()
"""
    )
    assert "import client" in text
    assert body(text)[-1] == "first >> other"


def test_dags_of_one_loop_have_the_same_names(frozen: Callable[[str], str]) -> None:
    text = frozen(
        """
for name in ("a", "b"):
    with DAG(name, schedule=None):
        start = EmptyOperator(task_id=f"{name}_start")
        end = EmptyOperator(task_id=f"{name}_end")
        start >> end
"""
    )
    assert [line.strip() for line in text.splitlines() if ">>" in line] == ["start >> end"] * 2


def test_what_is_copied_keeps_its_comments(frozen: Callable[[str], str]) -> None:
    text = frozen(
        """
# Rows that are loaded at once.
ROWS = 5  # or fewer
# not of the limit

LIMIT = {  # by name
    "a": 1,
}  # the end
KEY = (lambda: ROWS)()  # a key

# Keeps rows.
class Keeper:
    rows = [ROWS, KEY]  # of the keeper

# Loads.
# Twice.
@task(retries=2)
def load():
    def inner():
        return Keeper  # inside
    return inner, LIMIT  # a pair

def made(name):
    with DAG(name, schedule=None):
        # of the factory
        @task
        def check(row=lambda: name):  # names
            return row()  # the row

        load() >> check()

made("commented")
"""
    )
    assert (
        """
KEY = 5  # a key
LIMIT = {"a": 1}  # the end
# Rows that are loaded at once.
ROWS = 5  # or fewer


# Keeps rows.
class Keeper:
    rows = [ROWS, KEY]  # of the keeper


# Loads.
# Twice.
@task(retries=2)
def load():
    def inner():
        return Keeper  # inside
    return inner, LIMIT  # a pair


# A task that starts names"""
        in text
    )
    assert "            return row()  # the row\n" in text
    assert "# of the factory" not in text


def test_what_several_have_is_written_by_its_name_and_nothing_else_is(frozen: Callable[[str], str]) -> None:
    text = frozen(
        """
from airflow.sdk import Asset
CONF = {"rows": [1]}
ENV = {"LANG": "C"}
RAW = Asset("raw")
@task
def load(conf):
    return CONF, RAW.uri
with DAG("same", schedule=None, start_date=None):
    load(CONF)
    BashOperator(task_id="say", bash_command="x", cwd=None, env=ENV, append_env=False, outlets=[RAW])
"""
    )
    assert "schedule=None, start_date=None" in text
    assert 'env={"LANG": "C"}' in text and "outlets=[RAW]" in text and "load(CONF)" in text


STEPS = """
import os
from airflow.providers.standard.operators.python import PythonOperator

def make_step(name, rows, retries=3):
    def step(**context):
        return os.path.join(name, context["ds"]), rows, retries
    return step

for key in ("a", "b"):
    with DAG(key, schedule=None):
        PythonOperator(task_id="first", python_callable=make_step(key, 10))
        second = make_step(key, 20, retries=4)
        PythonOperator(task_id="second", python_callable=second, on_failure_callback=second)
"""


def test_a_function_that_makes_functions_is_copied_once_and_called(frozen: Callable[[str], str]) -> None:
    text = frozen(STEPS)
    assert text.count("def make_step(name, rows, retries=3):") == text.count("def step(") == 1
    assert body(text) == [
        'PythonOperator(task_id="first", python_callable=make_step("b", 10))',
        'step = make_step("b", 20, retries=4)',
        'PythonOperator(task_id="second", python_callable=step, on_failure_callback=step)',
    ]


def test_what_is_left_of_a_function_that_makes_a_dag_has_no_name_of_it(frozen: Callable[[str], str]) -> None:
    text = frozen(
        """
def report_dag(name):
    def checked(rows):
        rows += 1
        def check():
            return rows
        return check

    with DAG(name, schedule=None):
        @task
        def render():
            return name

        @task
        def count(check):
            return check()

        render() >> count(checked(1))

report_dag("a")
"""
    )
    assert "report_dag" not in text and 'render = make_render("a")' in text
    assert "count(checked(2))" in text, "it was a maker of functions before"


def test_a_module_that_another_one_brings_along_is_not_imported(frozen: Callable[[str], str]) -> None:
    text = frozen(STEPS)
    assert "import os\n" in text and "posixpath" not in text


def test_functions_that_each_dag_defines_by_one_name_keep_it(frozen: Callable[[str], str]) -> None:
    text = frozen(
        """
for name in ("a", "b"):
    with DAG(name, schedule=None):
        @task
        def load(rows, target=name):
            return target, rows
        load(1)
with DAG("c", schedule=None):
    @task
    def report():
        return 1
    report()
with DAG("d", schedule=None):
    @task
    def report():
        return 2
    report()
"""
    )
    lines = [line for line in text.splitlines() if "def " in line or "make_" in line]
    assert lines == [
        '        def load(rows, target="a"):',
        '        def load(rows, target="b"):',
        "        def report():",
        "        def report():",
    ]


def test_sets_of_tasks_have_one_order_in_every_process(tmp_path: Path) -> None:
    file = tmp_path / "factory.py"
    file.write_text(
        HEAD
        + """
with DAG("sets", schedule=None):
    loads = {EmptyOperator(task_id=f"load_{number}") for number in range(12)}
    checks = {BashOperator.partial(task_id=f"check_{number}").expand(bash_command=["true"]) for number in range(12)}
    EmptyOperator(task_id="begin") >> list(loads | checks)
    for load in loads:
        load >> EmptyOperator(task_id=f"after_{load.task_id}")
"""
    )
    texts: list[bytes] = []
    for _ in range(2):
        with workers() as started:
            options = Options(tmp_path / "out", tmp_path)
            result = build([Source(file, file.name, None)], options, started, lambda text: None)
        texts += result.files.values()
    assert len(texts) == 2 and texts[0] == texts[1]
