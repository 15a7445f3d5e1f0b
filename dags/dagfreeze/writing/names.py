"""Chooses the variables of a written DAG, next to the names of its imports and of what is copied."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Collection, Iterator

from dagfreeze.values.expressions import Imports

RESERVED = frozenset({*dir(builtins), *keyword.kwlist, *keyword.softkwlist, "WANTED", "annotations"})


class Names(Collection[str]):
    """Names that imports may not have: variables that are chosen, and what is copied from the DAG file.

    Attributes:
        imports: what the DAG imports; its variables avoid these names.
    """

    def __init__(self, copied: Collection[str], imported: Collection[str]) -> None:
        self._copied = copied
        self._taken = {*copied} - {*imported}
        self._chosen: set[str] = set()
        self.imports = Imports(self)

    def fresh(self, wish: str, variable: str = "") -> str:
        """A variable: of the name that the reader gave it, if that is free, else of one that resembles an id."""
        if variable and not self.is_used(variable):
            self._chosen.add(variable)
            return variable
        base = re.sub(r"\W+", "_", wish, flags=re.ASCII).strip("_") or "task"
        if base[0].isdigit():
            base = f"task_{base}"
        name, number = base, 1
        while self.is_used(name):
            number += 1
            name = f"{base}_{number}"
        self._chosen.add(name)
        return name

    def is_used(self, name: str) -> bool:
        """Whether a name means something already."""
        return name in RESERVED or name in self._copied or name in self or name in self._imported()

    def _imported(self) -> set[str]:
        return {local_name(entry) for entry in self.imports.lines()}

    def __contains__(self, name: object) -> bool:
        return name in self._taken or name in self._chosen

    def __iter__(self) -> Iterator[str]:
        return iter({*self._taken, *self._chosen})

    def __len__(self) -> int:
        return len({*self._taken, *self._chosen})


def local_name(entry: tuple[str, str, str]) -> str:
    """The name that an import binds: (module, name or "", alias or "")."""
    module, name, alias = entry
    return alias or name or module.partition(".")[0]
