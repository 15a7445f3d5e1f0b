"""Finds secrets: what an import has read, and what is written, under such a name, and passwords of connections."""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import unquote

from dagfreeze.watching.outside import EVERYTHING
from dagfreeze.watching.reads import Read

SECRET_NAMES = re.compile("token|passw|passphrase|secret|api_?key|private_?key|credential", re.IGNORECASE)
"""Names of Variables, of environment variables and of a connection's extras whose values nobody shows."""

LEAST = 4
"""Characters of a value that is looked for; a shorter one stands somewhere by chance."""


def secrets(reads: Sequence[Read]) -> dict[str, str]:
    """The secrets that an import has read, asked for again, by what they are."""
    values = {what: value for read in reads for what, value in _of(read)}
    return {what: value for what, value in values.items() if len(value) >= LEAST}


_ENTRY = re.compile(r'"(\w+)": "((?:[^"\\\n]|\\.){4,})"')
_NO_SECRET = re.compile(r"^[./$]|\{\{|://")
"""A path, an address, or what a task fills in."""
_IN_ADDRESS = re.compile(r"://[^/\s:@\"']*:([^/\s:@\"'{}]+)@([\w.-]+)")
"""A password in an address, and its host."""
_CONNECTION = "AIRFLOW_CONN_"
"""How names of environment variables begin that Airflow reads as connections."""


def entries(code: str) -> Iterator[tuple[str, str]]:
    """What looks like a secret in written code: what it is, and its text as written.

    These are texts in dictionaries under a name like that of a secret, and passwords in addresses.
    """
    for name, text in _ENTRY.findall(code):
        if SECRET_NAMES.search(name) and not _NO_SECRET.search(text):
            yield name, text
    for text, host in _IN_ADDRESS.findall(code):
        yield f"the password in an address of {host}", text


def _of(read: Read) -> Iterator[tuple[str, str]]:
    with contextlib.suppress(Exception):  # it may be gone, or have been read in another way
        if read.kind == "connection":
            yield from _of_connection(read.what)
        elif read.kind == "variable":
            yield from _of_variable(read.what)
        elif read.kind == "environment":
            for name in os.environ if read.what == EVERYTHING else [read.what]:
                yield from _of_environment(name, os.environ[name])


def _of_environment(name: str, text: str) -> Iterator[tuple[str, str]]:
    if name.startswith(_CONNECTION):
        yield from _of_connection(name.removeprefix(_CONNECTION).lower())
    elif SECRET_NAMES.search(name):
        yield f"Environment variable {name}", text
    yield from _of_address(f"environment variable {name}", text)


def _of_address(what: str, text: str) -> Iterator[tuple[str, str]]:
    for password, _ in _IN_ADDRESS.findall(text):
        yield f"The password in {what}", unquote(password)


def _of_variable(name: str) -> Iterator[tuple[str, str]]:
    from airflow.sdk import Variable

    text = str(Variable.get(name))
    if SECRET_NAMES.search(name):
        yield f"Variable {name}", text
    yield from _of_address(f"Variable {name}", text)
    with contextlib.suppress(ValueError):  # it is no JSON
        for key, value in _named_texts(json.loads(text)):
            if SECRET_NAMES.search(key):
                yield f"The {key} in Variable {name}", value


def _named_texts(value: Any) -> Iterator[tuple[str, str]]:
    """Texts in JSON, each with its key, at any depth."""
    pairs = value.items() if isinstance(value, dict) else ()
    yield from ((key, item) for key, item in pairs if isinstance(item, str))
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _named_texts(item)


def _of_connection(name: str) -> Iterator[tuple[str, str]]:
    from airflow.sdk import Connection

    connection = Connection.get(name)
    if connection.password:
        yield f"The password of connection {name}", connection.password
    for key, value in _named_texts(connection.extra_dejson):
        if SECRET_NAMES.search(key):
            yield f"The extra {key} of connection {name}", value
