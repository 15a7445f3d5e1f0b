"""Finds the secrets among what an import has read: passwords of connections, and what is named like one."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator, Sequence

from dagfreeze.watching.reads import Read

SECRET_NAMES = re.compile("token|passw|passphrase|secret|api_?key|private_?key|credential", re.IGNORECASE)
"""Names of Variables, of environment variables and of a connection's extras whose values nobody shows."""

LEAST = 4
"""Characters of a value that is looked for; a shorter one stands somewhere by chance."""


def secrets(reads: Sequence[Read]) -> dict[str, str]:
    """The secrets that an import has read, asked for once more, by what they are."""
    values = {what: value for read in reads for what, value in _of(read)}
    return {what: value for what, value in values.items() if len(value) >= LEAST}


def _of(read: Read) -> Iterator[tuple[str, str]]:
    with contextlib.suppress(Exception):  # it may be gone, or have been read in another way
        if read.kind == "connection":
            yield from _of_connection(read.what)
        elif SECRET_NAMES.search(read.what):
            if read.kind == "variable":
                from airflow.sdk import Variable

                yield f"Variable {read.what}", str(Variable.get(read.what))
            elif read.kind == "environment":
                yield f"Environment variable {read.what}", os.environ[read.what]


def _of_connection(name: str) -> Iterator[tuple[str, str]]:
    from airflow.sdk import Connection

    connection = Connection.get(name)
    if connection.password:
        yield f"The password of connection {name}", connection.password
    for key, value in connection.extra_dejson.items():
        if SECRET_NAMES.search(key) and isinstance(value, str):
            yield f"The extra {key} of connection {name}", value
