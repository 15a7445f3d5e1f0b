"""A helper is called again only when that makes the same function again, and does nothing else."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from dagfreeze.writing.homes import closure
from dagfreeze.writing.makers import maker

HEAD = """
import functools
import re
from functools import wraps
LIMIT = 5
def kept(x): return x
"""

CALLED = [
    "def make(t):\n    def load(): return t\n    return load\nf = make(1)",
    "def make(t):\n    '''M.'''\n    async def load(x: int = 1) -> int | None: return t\n    return load\nf = make(1)",
    "def make(t, *, u=2):\n    def load(x=LIMIT): return t, u\n    return load\nf = make(1)",
    "def make(t, unused=3):\n    return lambda *x: t\nf = make(1)",
    "def make():\n    def load(): return 1\n    return load\nf = make()",
    "def make(t):\n    def load(n): return load(n - 1) if n else t\n    return load\nf = make(1)",
    "def timed(g):\n    @functools.wraps(g)\n    def inner(*a): return g(*a)\n    return inner\nf = timed(kept)",
    "def timed(g):\n    @wraps(g)\n    def inner(*a): return g(*a)\n    return inner\nf = timed(kept)",
]

NOT_CALLED = [
    "def load(): return 1\nf = load",
    "def make(t):\n    print(t)\n    def load(): return t\n    return load\nf = make(1)",
    "def make(t):\n    t += 1\n    def load(): return t\n    return load\nf = make(1)",
    "def make(t):\n    def load(): return t\n    return [load]\nf = make(1)[0]",
    "def make(t):\n    def load(): return t\n    return kept(load)\nf = make(1)",
    "def make(t):\n    def load(x=kept(1)): return t\n    return load\nf = make(1)",
    "def make(t):\n    def load(x: kept(1)): return t\n    return load\nf = make(1)",
    "def make(t):\n    def load(x: t): return t\n    return load\nf = make(int)",
    "def make(t, u=2):\n    def load(x=u): return t\n    return load\nf = make(1, 3)",
    "def make(t):\n    def load(x=LIMIT): return t\n    return load\nf = make(1)\nLIMIT = 6",
    "def make(t):\n    def load(x=1): return t\n    return load\nf = make(1)\nf.__defaults__ = (2,)",
    "def make(t, u):\n    def load(): return t\n    return load\nf = make(1, 2)",
    "def make(t, *u):\n    def load(): return t\n    return load\nf = make(1)",
    "def make(t, /):\n    def load(): return t\n    return load\nf = make(1)",
    "def make(*t):\n    def load(): return t\n    return load\nf = make(1)",
    "def make(t):\n    @kept\n    def load(): return t\n    return load\nf = make(1)",
    "def make(t, g):\n    @functools.wraps(g)\n    def load(): return t\n    return load\nf = make(1, kept)",
    "def make(t):\n    def a():\n        def load(): return t\n        return load\n    return a\nf = make(1)()",
    "def make(t):\n    def load(): return t\n    return load\nf = make(1)\ndef make(t):\n    return lambda: t",
    "@functools.cache\ndef make(t):\n    def load(): return t\n    return load\nf = make(1)",
    "class K:\n    def make(self):\n        def load(): return self\n        return load\nf = K().make()",
]


def imported(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    name = f"made_{folder.name}"
    path = folder / f"{name}.py"
    path.write_text(HEAD + text)
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, name, module)
    spec.loader.exec_module(module)
    return module


def others(module: ModuleType) -> dict[str, object]:
    return {name: value for name, value in closure(module.f).items() if value is not module.f}


@pytest.mark.parametrize("text", CALLED)
def test_a_function_that_only_returns_another_is_called_again(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = imported(tmp_path, text, monkeypatch)
    outer = maker(module.f, others(module))
    assert outer is not None and outer is vars(module)[outer.__name__]
    assert outer(**others(module)).__code__ is module.f.__code__


@pytest.mark.parametrize("text", NOT_CALLED)
def test_a_function_with_more_to_it_is_not_called(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = imported(tmp_path, text, monkeypatch)
    assert maker(module.f, others(module)) is None
