"""Tells which modules another process finds by their names: a loader may have chosen any name."""

from __future__ import annotations

import functools
import sys
import sysconfig
from pathlib import Path
from typing import Any


def attribute(value: object, name: str, default: Any = None) -> Any:
    """An attribute of any value; foreign code may raise anything, a class that is also a dictionary a KeyError."""
    try:
        return getattr(value, name, default)
    except Exception:  # foreign code
        return default


def is_importable(name: str) -> bool:
    """Whether a loaded module would be found by its name again.

    One that dag-factory has loaded from a ``python_callable_file`` would not.
    """
    module = sys.modules.get(name)
    file = getattr(module, "__file__", None)
    return module is not None and (file is None or _is_found(name, file))


@functools.cache
def is_installed(module: str) -> bool:
    """Whether a module is Python's own or an installed package's, which a DAG file does not change."""
    place = getattr(sys.modules.get(module), "__file__", None)
    folders = (sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib"))
    return place is not None and any(Path(place).is_relative_to(folder) for folder in folders)


def own_modules() -> dict[str, str]:
    """The loaded modules that are neither Python's nor an installed package's, with their files."""
    files = {name: attribute(module, "__file__") for name, module in list(sys.modules.items())}
    package = __name__.partition(".")[0]
    return {
        name: str(file)
        for name, file in files.items()
        if file and name.partition(".")[0] != package and not is_installed(name)
    }


@functools.cache
def _is_found(name: str, file: str) -> bool:
    package = name.rpartition(".")[0]
    path = getattr(sys.modules.get(package), "__path__", None) if package else None
    if package and path is None:  # such as os.path, which its package has put there
        return True
    for finder in sys.meta_path:
        spec = finder.find_spec(name, path, None) if hasattr(finder, "find_spec") else None
        if spec is not None:
            return spec.origin is None or not Path(spec.origin).is_absolute() or _is_same(spec.origin, file)
    return False


def _is_same(one: str, other: str) -> bool:
    """Whether two paths are one file, or its source and what was compiled of it."""
    return Path(one).resolve().with_suffix("") == Path(other).resolve().with_suffix("")
