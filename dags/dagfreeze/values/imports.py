"""Imports of a written DAG: what can be imported by its name, from where, and what it is called then."""

from __future__ import annotations

import builtins
import importlib
import sys
from collections.abc import Collection
from types import ModuleType
from typing import Any

from dagfreeze.importable import attribute
from dagfreeze.refusal import Refused
from dagfreeze.values.literals import is_name

_OTHER_NAMES = {"posixpath": "os.path", "ntpath": "os.path", "posix": "os", "nt": "os"}
_WITHOUT_ALL = frozenset({"jinja2", "kubernetes.client"})
"""Packages that people import from although they do not say in ``__all__`` what they offer."""


class Imports:
    """The imports that a block of code needs.

    Args:
        taken: names that may not be used. It may grow.
    """

    def __init__(self, taken: Collection[str] = ()) -> None:
        self._taken = taken
        self._names: dict[str, tuple[str, str]] = {}
        self._lines: set[tuple[str, str, str]] = set()

    def module(self, dotted: str) -> str:
        """Import a module.

        Returns:
            What it is called: its dotted name, or an alias where the first part of it is taken.
        """
        _check(dotted.split("."), f"the module {dotted!a}")
        root = dotted.partition(".")[0]
        if self._is_free(root, (root, "")):
            self._names[root] = (root, "")
            self._lines.add((dotted, "", ""))
            return dotted
        alias = dotted.replace(".", "_")
        return self._under_alias(dotted, "", f"{alias}_module" if alias == dotted else alias)

    def name(self, module: str, name: str) -> str:
        """Import a name of a module.

        Args:
            module: the module.
            name: a name, or a dotted one such as that of a class within a class.

        Returns:
            What it is called: the name, with an alias instead of its first part where that is taken.
        """
        top, dot, rest = name.partition(".")
        _check([*module.split("."), *name.split(".")], f"{module!a}.{name!a}")
        if module == "builtins":
            return name
        if self._is_free(top, (module, top)) and not hasattr(builtins, top):
            self._names[top] = (module, top)
            self._lines.add((module, top, ""))
            return name
        return self._under_alias(module, top, f"{module.replace('.', '_')}_{top}") + dot + rest

    def lines(self) -> tuple[tuple[str, str, str], ...]:
        """All imports, sorted: module, name or nothing, alias or nothing."""
        return tuple(sorted(self._lines))

    def forget(self) -> None:
        """Need nothing any more: what was written with these imports is not used."""
        self._names.clear()
        self._lines.clear()

    def _is_free(self, name: str, origin: tuple[str, str]) -> bool:
        return self._names.get(name, origin) == origin and name not in self._taken

    def _under_alias(self, module: str, name: str, alias: str) -> str:
        while not self._is_free(alias, (module, name)):
            alias += "_"
        self._names[alias] = (module, name)
        self._lines.add((module, name, alias))
        return alias


def _check(parts: list[str], what: str) -> None:
    if not all(is_name(part) for part in parts):
        raise Refused(f"{what} cannot be written as a name")


def origin(value: Any) -> tuple[str, str] | None:
    """Where a class, a function or the like can be imported from.

    Returns:
        A module and a name, perhaps a dotted one, that give this very object in another process, too; the module is the
        one that people import it from. None when there is none, as for what only the DAG file has.
    """
    if value is type(None):
        return "types", "NoneType"
    owner = attribute(value, "__objclass__", value)  # methods of built-in types know only their type
    module, name = attribute(owner, "__module__"), attribute(value, "__qualname__")
    if not isinstance(name, str) or not isinstance(module, str) or not _is_at(value, module, name):
        return None
    return _public(module, name, value), name


def constant(value: Any) -> tuple[str, str] | None:
    """Where an object can be imported from because the module of its class has it under a name."""
    module = type(value).__module__
    for name, other in _content(module).items():
        if other is value and is_name(name) and is_importable(module):
            return _public(module, name, value), name
    return None


def is_importable(module: str) -> bool:
    """Whether a module can be imported by its name: Airflow's names of DAG files are none."""
    if module == "__main__" or module.startswith("unusual_prefix_"):
        return False
    return getattr(sys.modules.get(module), "__spec__", None) is not None and all(
        map(is_name, module.split("."))
    )


def module_name(module: ModuleType) -> str | None:
    """The name by which a module can be imported; None when there is none."""
    name = _OTHER_NAMES.get(module.__name__, module.__name__)
    return name if sys.modules.get(name) is module and is_importable(module.__name__) else None


def _is_at(value: Any, module: str, name: str) -> bool:
    if not is_importable(module) or not all(map(is_name, name.split("."))):
        return False
    place: Any = sys.modules[module]
    for part in name.split("."):
        place = attribute(place, part)
    return place is value


def _public(module: str, name: str, value: Any) -> str:
    """The module that people import something from: the shortest that says that it offers it."""
    usual = _OTHER_NAMES.get(module, module.removeprefix("_"))
    if usual != module and usual.partition(".")[0] in sys.stdlib_module_names:
        importlib.import_module(usual)
        return usual if _is_at(value, usual, name) else module
    parts = module.split(".")
    for length in range(1, len(parts)):
        package = ".".join(parts[:length])
        if package != "airflow" and _offers(package, name.partition(".")[0]) and _is_at(value, package, name):
            return package
    return module


def _offers(package: str, name: str) -> bool:
    offered = _content(package)
    return name in offered if package in _WITHOUT_ALL else name in (offered.get("__all__") or ())


def _content(module: str) -> dict[str, Any]:
    return getattr(sys.modules.get(module), "__dict__", {})
