"""Proves the mutants of a file; and judges in another way, without a form, those that the proof takes for equal.

The other way takes the DAGs of two texts, imported by Airflow's `DagBag` from the same path, and goes through both at
once, side by side, down to the code of functions. Nothing is left out but what an import makes at the moment: times,
locks, loggers.
"""

from __future__ import annotations

import contextlib
import enum
import functools
import gc
import logging
import os
import pickle
import sys
import threading
import traceback
import types
import weakref
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from dagfreeze.prove import prove

CONTEXT = "_AIRFLOW_PARSING_CONTEXT_DAG_ID"
TOGETHER = 12
"""Mutants that one process proves."""

Pair = tuple[str, Any, Any]


def proved(text: str, mutants: Sequence[str], target: Path, bundle: Path) -> list[str]:
    """Prove mutants of a text, several in each process, of which the last proof is that of the text itself.

    Returns:
        For each mutant what was noticed, as far as it was.
    """
    original = prove(text.encode(), target, bundle, {}, {}, {})
    assert original.digests and not (original.error or original.reads), original
    gc.freeze()

    def noticed(changed: str) -> str:
        try:
            proof = prove(changed.encode(), target, bundle, original.digests, {}, {})
        except Exception:  # the job would have failed
            return "import"
        if proof.error:
            return "import"
        differing = any(proof.digests.get(dag_id) != digest for dag_id, digest in original.digests.items())
        return "digest" if differing else "reads" if proof.reads else ""

    notices: list[str] = []
    for part in (mutants[at : at + TOGETHER] for at in range(0, len(mutants), TOGETHER)):
        *some, last = forked(lambda part=part: [noticed(one) for one in (*part, text)])  # type: ignore[misc]
        if last:  # one of them has left something behind
            some = [forked(lambda one=one: noticed(one)) for one in part]  # type: ignore[misc]
        notices += some
    return notices


def looked_at(text: str, mutants: Sequence[str], target: Path, bundle: Path) -> list[list[str]]:
    """Import a text and each of its mutants, under each parsing context, and tell where their DAGs differ."""
    _prepare(target, bundle)
    imported(text, target, None)  # whatever it imports is there for all
    gc.freeze()
    return [forked(lambda one=one: _differences(text, one, target)) for one in mutants]  # type: ignore[misc]


def guarded(text: str, target: Path, bundle: Path) -> dict[str, list[str]]:
    """Tell for each DAG of a text which DAGs it makes when a task of that DAG starts."""
    _prepare(target, bundle)
    return {dag_id: list(imported(text, target, dag_id)) for dag_id in imported(text, target, None)}


def _prepare(target: Path, bundle: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    sys.path.append(str(bundle))


def forked(run: Callable[[], Any]) -> Any:
    """Call a function in a fork of this process."""
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            answer: Any = run()
        except BaseException:
            answer = RuntimeError(traceback.format_exc())
        with os.fdopen(writing, "wb") as file:
            file.write(pickle.dumps(answer))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answers:
        answered = pickle.loads(answers.read())
    os.waitpid(pid, 0)
    if isinstance(answered, RuntimeError):
        raise answered
    return answered


def imported(text: str, target: Path, context: str | None) -> dict[str, Any]:
    """Import a text as the DAG processor does, or as the start of a task of one of its DAGs."""
    from airflow.dag_processing.dagbag import DagBag

    target.write_text(text)
    os.environ.pop(CONTEXT, None)
    if context is not None:
        os.environ[CONTEXT] = context
    bag = DagBag(target, safe_mode=False)
    assert not bag.import_errors, bag.import_errors
    return dict(bag.dags)


def _differences(text: str, mutant: str, target: Path) -> list[str]:
    before, after = imported(text, target, None), imported(mutant, target, None)
    sentences = [f"makes {sorted(after)}"] if before.keys() != after.keys() else []
    for dag_id in before:
        one = [list(imported(way, target, dag_id)) for way in (text, mutant)]
        if one[0] != one[1]:
            sentences.append(f"under the context of {dag_id}: makes {one[1]}")
    for dag_id, dag in before.items():
        if dag_id in after:
            sentences += SideBySide().differences(dag, after[dag_id])
            stored = [_stored(one) for one in (dag, after[dag_id])]
            sentences += [f"stored: {dag_id}"] if stored[0] != stored[1] else []
    return sentences


def _stored(dag: Any) -> Any:
    from airflow.serialization.serialized_objects import DagSerialization

    return DagSerialization.to_dict(dag)


class SideBySide:
    """Goes through two objects at once, and notes where they are not the same."""

    def __init__(self) -> None:
        self._pairs: dict[tuple[int, int], tuple[Any, Any]] = {}
        self._places: list[str] = []
        self._waiting: list[Pair] = []

    def differences(self, left: Any, right: Any) -> list[str]:
        """Name the places where two objects differ, in no order."""
        self._waiting = [("", left, right)]
        while self._waiting:
            place, one, other = self._waiting.pop()
            if one is not other and (id(one), id(other)) not in self._pairs:
                self._pairs[id(one), id(other)] = (one, other)  # kept, so that no other has its number
                self._compare(place, one, other)
        return self._places

    def _compare(self, place: str, one: Any, other: Any) -> None:
        if type(one) in SCALARS:
            if type(one) is not type(other) or repr(one) != repr(other):
                self._places.append(place)
            return
        if type(one) is weakref.ProxyType or type(one) is weakref.CallableProxyType:
            self._waiting.append((place, _referent(one), _referent(other)))
            return
        names = _called(type(one)), _called(type(other))
        if names[0] != names[1]:
            self._places.append(f"{place} is a {names[0]}, then a {names[1]}")
            return
        self._waiting.append((f"{place}.__class__", type(one), type(other)))
        parts = _parts_of(type(one))
        self._pair(place, parts(one), parts(other))

    def _pair(self, place: str, one: dict[Any, Any], other: dict[Any, Any]) -> None:
        for name in [*one, *(name for name in other if name not in one)]:
            if name in one and name in other:
                self._waiting.append((f"{place}{name}", one[name], other[name]))
            else:
                self._places.append(f"{place}{name}")


SCALARS: tuple[Any, ...] = (str, int, float, complex, bool, bytes, type(None), type(...), range, slice)


def _referent(value: Any) -> Any:
    return value.__init__.__self__


def _dict(value: dict[Any, Any]) -> dict[str, Any]:
    return {" keys": list(value), **{f"[{at}]": item for at, item in enumerate(value.values())}}


def _list(value: Any) -> dict[str, Any]:
    return {" length": len(value), **{f"[{at}]": item for at, item in enumerate(value)}}


def _set(value: Any) -> dict[str, Any]:
    return _list(sorted(value, key=repr))


def _code(code: types.CodeType) -> dict[str, Any]:
    names = ("name", "code", "consts", "names", "varnames", "freevars", "cellvars", "flags", "exceptiontable")
    counts = ("argcount", "posonlyargcount", "kwonlyargcount")
    return {f".co_{name}": getattr(code, f"co_{name}") for name in (*names, *counts)}


def _function(function: types.FunctionType) -> dict[str, Any]:
    names = ("code", "defaults", "kwdefaults", "closure", "name", "qualname", "doc", "annotations", "dict")
    parts = {f".__{name}__": getattr(function, f"__{name}__") for name in names}
    read = {
        f" global {name}": function.__globals__[name]
        for name in sorted(_names(function.__code__))
        if name in function.__globals__ and name != "__builtins__"
    }
    return parts | read


def _names(code: types.CodeType) -> set[str]:
    inner = (one for one in code.co_consts if isinstance(one, types.CodeType))
    return set(code.co_names).union(*map(_names, inner))


def _cell(cell: types.CellType) -> dict[str, Any]:
    try:
        return {"": cell.cell_contents}
    except ValueError:
        return {" is empty": None}


def _class(kind: type) -> dict[str, Any]:
    attributes = {f".{name}": value for name, value in vars(kind).items() if name not in MACHINERY}
    return {" name": _called(kind), ".__bases__": kind.__bases__} | attributes


def _called(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _object(value: Any) -> dict[str, Any]:
    """What an object holds: attributes, slots, the content of a container, and what `pickle` would make it from."""
    parts = {f".{name}": part for name, part in getattr(value, "__dict__", {}).items()}
    for kind in type(value).__mro__:
        for name, slot in vars(kind).items():
            if isinstance(slot, types.MemberDescriptorType):
                with contextlib.suppress(AttributeError):
                    parts[f".{name}"] = slot.__get__(value)
    for base in (*SCALARS, dict, list, tuple, set, frozenset):
        if isinstance(value, base):
            parts[" content"] = CONTENTS.get(base, base.__repr__)(value)
    if not parts or type(value).__reduce__ is not object.__reduce__:
        with contextlib.suppress(Exception):
            parts[" reduced"] = value.__reduce_ex__(4)
    assert parts or hasattr(value, "__dict__") or type(value) is object, f"{value!r} shows nothing"
    return {name: part for name, part in parts.items() if name not in LEFT_OUT}


MACHINERY = {"__dict__", "__weakref__", "_abc_impl", "__slotnames__", "_BaseOperator__serialized_fields"}
"""What Python and Airflow keep in a class, and make anew."""

LEFT_OUT = {
    ".last_loaded",
    # what a constructor was called with; Airflow reads it when it stores a DAG, and what it stores is compared
    "._BaseOperator__init_kwargs",
}

CONTENTS: dict[Any, Callable[[Any], dict[str, Any]]] = {
    dict: _dict,
    types.MappingProxyType: lambda value: _dict(dict(value)),
    **dict.fromkeys((list, tuple), _list),
    **dict.fromkeys((set, frozenset), _set),
    **dict.fromkeys((type(threading.Lock()), type(threading.RLock()), threading.local), lambda value: {}),
    types.FunctionType: _function,
    types.CodeType: _code,
    types.CellType: _cell,
    types.ModuleType: lambda value: {" name": value.__name__},
    types.MethodType: lambda value: {".__func__": value.__func__, ".__self__": value.__self__},
    types.BuiltinFunctionType: lambda value: {" name": value.__name__, ".__self__": value.__self__},
    **dict.fromkeys((staticmethod, classmethod), lambda value: {".__func__": value.__func__}),
    property: lambda value: {".fget": value.fget, ".fset": value.fset, ".fdel": value.fdel},
    weakref.ReferenceType: lambda value: {" referent": value()},
    functools.partial: lambda value: {" all": (value.func, value.args, value.keywords, vars(value))},
}


def _parts_of(kind: type) -> Callable[[Any], dict[str, Any]]:
    if issubclass(kind, type):
        return _class
    if issubclass(kind, enum.Enum):
        return lambda value: {" name": value.name, " value": value._value_}
    if issubclass(kind, logging.Logger):
        return lambda value: {" name": value.name}
    return CONTENTS.get(kind, _object)
