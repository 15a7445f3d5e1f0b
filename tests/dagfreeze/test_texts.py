"""Which DAGs of a frozen file have changed, and which only stand beside one that has."""

from __future__ import annotations

from dagfreeze.files.texts import dag_texts

FILE = """\
# Frozen by dagfreeze from shop.py: change that file and freeze again; changes made here are lost.
from datetime import datetime

from airflow.sdk import DAG, get_parsing_context, task

LIMIT = 3


def load(limit=LIMIT):
    return limit


@task
def sell():
    return 1


WANTED = get_parsing_context().dag_id

if WANTED in (None, "a"):
    with DAG("a", schedule=None):
        task(load)()

if WANTED in (None, "b"):
    with DAG("b", schedule=None):
        sell()
"""


def changed(old: str, new: str) -> set[str]:
    assert old in FILE
    before, after = dag_texts(FILE.encode()), dag_texts(FILE.replace(old, new).encode())
    return {dag_id for dag_id in before.keys() | after.keys() if before.get(dag_id) != after.get(dag_id)}


def test_a_dag_is_its_block_and_what_that_uses_of_the_top() -> None:
    assert changed('DAG("a", schedule=None)', 'DAG("a", schedule="@daily")') == {"a"}
    assert changed("return 1", "return 2") == {"b"}
    assert changed("@task\ndef", "@task(retries=1)\ndef") == {"b"}
    assert changed("LIMIT = 3", "LIMIT = 4") == {"a"}, "by way of load"
    assert changed("import datetime", "import datetime, timedelta") == set()
    assert changed("sdk import DAG,", "models import DAG\nfrom airflow.sdk import") == {"a", "b"}
    assert changed('(None, "b")', '(None, "c")') == {"b", "c"}


def test_line_ends_and_numbers_of_any_length_change_nothing() -> None:
    assert dag_texts(FILE.encode()) == dag_texts(FILE.replace("\n", "\r\n").encode())
    long = FILE.replace("LIMIT = 3", f"LIMIT = 0x{'f' * 10_000}").encode()
    assert dag_texts(long).keys() == {"a", "b"}


def test_a_file_with_a_conflict_has_no_texts() -> None:
    assert dag_texts(b"<<<<<<< ours\n") == {}
