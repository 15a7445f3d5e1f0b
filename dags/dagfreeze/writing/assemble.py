"""Puts DAGs together to a file: the header, imports, copied definitions, and each DAG behind its guard."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from dagfreeze.files.header import Header
from dagfreeze.refusal import Refused
from dagfreeze.values.code import string
from dagfreeze.writing.homes import Import, Top, needed
from dagfreeze.writing.names import local_name
from dagfreeze.writing.write import Block

_GUARD: Import = ("airflow.sdk", "get_parsing_context", "")
_WANTED = """\
# A task that starts names the one DAG that it needs; the DAG processor names none and gets them all.
WANTED = get_parsing_context().dag_id
"""
_COLUMNS = 88


def file_text(
    header: Header,
    blocks: Sequence[Block],
    tops: Mapping[str, Top],
    is_own: Callable[[str], bool],
    *,
    future_annotations: bool,
) -> bytes:
    """The text of a file.

    Args:
        header: what stands at its top.
        blocks: its DAGs.
        tops: definitions that may be needed.
        is_own: whether a top-level module is the reader's own, which is imported in a paragraph of its own.
        future_annotations: whether annotations are texts in it.

    Raises:
        Refused: when two of its DAGs, or a DAG and a definition, need one name for two things.
    """
    top_names = needed(tops, {name for block in blocks for name in block.tops})
    chosen = {name: tops[name] for name in sorted(top_names, key=lambda name: (tops[name].line, name))}
    at_top = {_GUARD, *(entry for top in chosen.values() for entry in top.imports)}
    shared, inner = _shared_imports(blocks, at_top, set(chosen))
    parts = [header.text(), "\n"]
    if future_annotations:
        parts.append("from __future__ import annotations\n\n")
    parts.append(_imports(shared, is_own))
    parts += _definitions(top.code for top in chosen.values() if top.code)
    parts.append(f"\n{_WANTED}")
    for block in blocks:
        lines = _lines(sorted(set(block.imports) & inner))
        begins_with_definition = _is_definition(block.text.lstrip())
        indented = "".join(f"    {line}\n" for line in lines) + (
            "\n" if lines or begins_with_definition else ""
        )
        parts.append(f"\nif WANTED in (None, {string(block.dag_id)}):\n{indented}{block.text}")
    return "".join(parts).encode()


def _shared_imports(
    blocks: Sequence[Block], at_top: set[Import], defined: set[str]
) -> tuple[list[Import], set[Import]]:
    """Imports at the top of the file, and those that each DAG repeats, because their name has two meanings."""
    meanings: defaultdict[str, set[Import]] = defaultdict(set)
    everything = {*at_top, *(entry for block in blocks for entry in block.imports)}
    for entry in everything:  # "import a.b" and "import a.c" bind the same a
        meanings[local_name(entry)].add(entry if entry[1] or entry[2] else (local_name(entry), "", ""))
    set_by = {name for block in blocks for name in block.names}
    inner = {
        entry for entry in everything if len(meanings[local_name(entry)]) > 1 or local_name(entry) in set_by
    }
    fixed = {local_name(entry) for entry in at_top} | defined
    for block in blocks:
        for name in sorted({*block.names, *(local_name(entry) for entry in set(block.imports) & inner)}):
            if name in fixed and name not in block.tops:
                raise Refused(
                    f"the name {name!r} means something else to a function that is copied into the same file"
                )
    return sorted(everything - (inner - at_top)), inner - at_top


def _imports(entries: Sequence[Import], is_own: Callable[[str], bool]) -> str:
    def section(entry: Import) -> int:
        root = entry[0].partition(".")[0]
        return 0 if root in sys.stdlib_module_names else 2 if is_own(root) else 1

    paragraphs = [
        "".join(f"{line}\n" for line in _lines([entry for entry in entries if section(entry) == number]))
        for number in range(3)
    ]
    return "\n".join(filter(None, paragraphs))


def _lines(entries: Sequence[Import]) -> list[str]:
    lines = [
        f"import {module} as {alias}" if alias else f"import {module}"
        for module, name, alias in sorted(entries)
        if not name
    ]
    members: defaultdict[str, list[str]] = defaultdict(list)
    for module, name, alias in sorted(
        entries, key=lambda entry: (entry[0], _member_order(entry[1]), entry[2])
    ):
        if name:
            members[module].append(f"{name} as {alias}" if alias else name)
    for module, names in members.items():
        line = f"from {module} import {', '.join(names)}"
        if len(line) > _COLUMNS:
            line = "\n".join([f"from {module} import (", *(f"    {name}," for name in names), ")"])
        lines.append(line)
    return lines


def _member_order(name: str) -> tuple[int, str]:
    """Constants, classes, functions: the order that ruff and isort keep."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return kind, name


def _definitions(codes: Iterable[str]) -> list[str]:
    parts: list[str] = []
    after_definition = True
    for code in codes:
        definition = _is_definition(code)
        parts.append("\n\n" if definition or (parts and after_definition) else "" if parts else "\n")
        parts.append(code)
        after_definition = definition
    if parts and after_definition:
        parts.append("\n")
    return parts


def _is_definition(code: str) -> bool:
    """Whether code begins with a function or a class, perhaps with comments above it."""
    first = next(line for line in code.split("\n") if not line.startswith("#"))
    return first.startswith(("def ", "async def ", "class ", "@"))
