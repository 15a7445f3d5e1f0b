"""Dataclasses whose documentation, which Python writes, names the file that they are from."""
# expect: frozen

from dataclasses import dataclass, field
from enum import Enum

from airflow.sdk import DAG, task


class Kind(Enum):
    FULL = "full"
    DELTA = "delta"


@dataclass
class Column:
    name: str
    kind: Kind = Kind.FULL


@dataclass
class Table:
    name: str
    columns: list[Column] = field(default_factory=list)


for number in range(2):
    table = Table(f"t{number}", [Column("a"), Column("b", Kind.DELTA)])

    with DAG(f"dataclasses_{number}", schedule=None):

        @task
        def load(table=table):
            return [(column.name, column.kind.value) for column in table.columns]

        load()
