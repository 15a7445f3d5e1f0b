"""What the jobs of a build find out: pickled in one process, read in another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dagfreeze.watching.reads import Read
from dagfreeze.writing.homes import Top
from dagfreeze.writing.write import Block

OTHER_MODULE = "it imports another module of the name"
"""How the error of a `Proof` begins when the frozen file finds another module than the factory has."""


@dataclass(frozen=True)
class Refusal:
    """A DAG that is not frozen.

    Attributes:
        dag_id: its id.
        place: file and line where it is made, below the root of the bundle.
        reason: a sentence.
        remedy: what would help, or nothing.
    """

    dag_id: str
    place: str
    reason: str
    remedy: str


@dataclass
class Loaded:
    """What a DAG file made.

    Attributes:
        error: why it could not be imported, in Airflow's words; the rest is empty then.
        digests: of each DAG, in the order in which they were made.
        places: of each DAG, where its file makes it: "shop.py:12".
        blocks: of each DAG that could be written.
        tops: what these need at the top of their file.
        future_annotations: whether copied functions come from a file whose annotations are texts.
        refusals: the other DAGs.
        reads: what the import took from outside.
        machine_paths: values that hold a path of this machine: DAG, and the path.
        logged: errors that were logged and not raised, as by loaders that leave out a file that is wrong.
        environment: environment variables that the import has set, and `sys.path` if so.
        modules: what it has imported of the reader's own: name, and file.
        asks_for_wanted: whether it asks which DAG Airflow wants.
        secrets: what is written and should not be: what it is, and in which DAGs.
        loop_variables: of the module, that functions of tasks read when they run: the name, and in which DAGs.
    """

    error: str = ""
    digests: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    blocks: dict[str, Block] = field(default_factory=dict)
    tops: dict[str, Top] = field(default_factory=dict)
    future_annotations: bool = False
    refusals: list[Refusal] = field(default_factory=list)
    reads: list[Read] = field(default_factory=list)
    machine_paths: list[tuple[str, str]] = field(default_factory=list)
    logged: list[str] = field(default_factory=list)
    environment: list[str] = field(default_factory=list)
    modules: dict[str, str] = field(default_factory=dict)
    asks_for_wanted: bool = False
    secrets: list[tuple[str, list[str]]] = field(default_factory=list)
    loop_variables: list[tuple[str, list[str]]] = field(default_factory=list)


@dataclass
class Proof:
    """What a written file makes.

    Attributes:
        error: why it cannot be imported.
        digests: of each of its DAGs.
        reads: what its import takes from outside; nothing is right.
        environment: what modules that it imports read of the environment, which is no call and depends on nobody.
        forms: of the DAGs whose digest is another one than expected.
    """

    error: str = ""
    digests: dict[str, str] = field(default_factory=dict)
    reads: list[Read] = field(default_factory=list)
    environment: list[Read] = field(default_factory=list)
    forms: dict[str, Any] = field(default_factory=dict)
