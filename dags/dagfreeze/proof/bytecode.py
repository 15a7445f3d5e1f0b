"""Tells the content of a code: what it does when it is called, whatever file it was compiled in."""

from __future__ import annotations

import dis
import functools
import inspect
import sys
import types
from typing import Any

from dagfreeze.proof.nodes import SCALARS, Content, Form, canonical

KINDS_OF_FUNCTION = (
    inspect.CO_VARARGS
    | inspect.CO_GENERATOR
    | inspect.CO_COROUTINE
    | inspect.CO_ITERABLE_COROUTINE
    | inspect.CO_ASYNC_GENERATOR
)
"""What a code's flags say about calls beyond the names of its arguments.

The rest says where it was written, and under which `__future__`.
"""

CACHED = 2000
"""Codes whose contents are kept; a factory makes many functions of each."""

PLACES = {"__firstlineno__", "__static_attributes__"}
"""What the body of a class notes about its source (from Python 3.13 on)."""

LOADS = frozenset(
    {"LOAD_GLOBAL", "LOAD_NAME", "LOAD_FAST", "LOAD_FAST_CHECK", "LOAD_DEREF", "LOAD_CLASSDEREF"}
)
"""Instructions that look a name up, and do nothing else."""


def tail(qualname: str) -> str:
    """Tell a qualified name without the functions around it, which a copied function leaves behind."""
    return qualname.rpartition(">.")[2]  # <locals>, <listcomp>, <lambda>


@functools.lru_cache(CACHED)
def code_content(code: types.CodeType) -> Content:
    """Tell the content of a code: its arguments, and its instructions without lines, files and numbering."""
    count = code.co_argcount + code.co_kwonlyargcount
    count += bool(code.co_flags & inspect.CO_VARARGS) + bool(code.co_flags & inspect.CO_VARKEYWORDS)
    bytecode = dis.Bytecode(code)
    instructions: list[Form] = []
    starts: list[int] = []  # the offset from which on a jump means the instruction of the same index
    for one in _alike([one for one in bytecode if one.opname not in ("NOP", "EXTENDED_ARG")]):
        if one.opname == "STORE_NAME" and one.argval in PLACES:
            instructions.pop()
            starts.pop()
        else:
            if one.opname == "STORE_NAME" and one.argval == "__qualname__":
                instructions[-1] = [*instructions[-1][:1], tail(instructions[-1][1])]
            instructions.append(_instruction(one, code.co_consts))
            starts.append(one.offset)
    numbers = _numbers(starts, len(code.co_code))
    return [
        "code",
        code.co_name,  # not the qualified name, which may differ between codes that Python takes for equal
        [
            code.co_argcount,
            code.co_posonlyargcount,
            code.co_kwonlyargcount,
            code.co_flags & KINDS_OF_FUNCTION,
        ],
        list(code.co_varnames[:count]),
        [_with_target(one, numbers) for one in instructions],
        [
            [numbers[entry.start], numbers[entry.end], numbers[entry.target], entry.depth, entry.lasti]
            for entry in bytecode.exception_entries  # type: ignore[attr-defined]
        ],
    ]


def _alike(read: list[dis.Instruction]) -> list[dis.Instruction]:
    """Write `a.b(…)` in one way only.

    Python compiles it otherwise in a file whose top level has an `import` for `a`, and a written file may have an
    import where the original had an assignment, or the other way round. One form gets the attribute and puts an
    empty place next to it; the other, LOAD_METHOD, leaves the same to the call. What follows is the same, and
    Python never compiles a LOAD_METHOD without the call, so that nothing else becomes the same by this.
    """
    alike: list[dis.Instruction] = []
    for one in read:
        if one.opname == "LOAD_ATTR" and sys.version_info >= (3, 12) and (one.arg or 0) & 1:
            one = _method(one)
        elif sys.version_info >= (3, 13):  # the empty place comes behind the attribute
            if one.opname == "PUSH_NULL" and alike[-1].opname == "LOAD_ATTR" and not one.is_jump_target:
                alike[-1] = _method(alike[-1])
                continue
        elif one.opname == "LOAD_GLOBAL" and (one.arg or 0) & 1:  # two in one: the empty place, and the name
            alike.append(
                one._replace(opname="PUSH_NULL", opcode=dis.opmap["PUSH_NULL"], arg=None, argrepr="")
            )
            one = one._replace(argrepr=one.argval, is_jump_target=False)
        elif one.opname == "LOAD_ATTR" and _is_beside_empty_place(alike):
            del alike[-2]
            one = _method(one)
        alike.append(one)
    return alike


def _method(one: dis.Instruction) -> dis.Instruction:
    return one._replace(opname="LOAD_METHOD", argrepr=one.argval)


def _is_beside_empty_place(before: list[dis.Instruction]) -> bool:
    """Whether an empty place was made right before the name whose attribute comes next."""
    name = before[-1]
    return name.opname in LOADS and before[-2].opname == "PUSH_NULL" and not name.is_jump_target


def _instruction(one: dis.Instruction, constants: tuple[Any, ...]) -> Form:
    if one.opcode in dis.hasconst:
        return [one.opname, constant(constants[one.arg or 0])]
    if one.opcode in dis.hasjrel or one.opcode in dis.hasjabs:
        return [one.opname, {"to": one.argval}]
    if one.opcode in dis.hasname or one.opcode in dis.haslocal or one.opcode in dis.hasfree:
        return f"{one.opname} {one.argrepr}"
    return " ".join([one.opname, *([] if one.arg is None else [str(one.arg)]), *one.argrepr.split()])


def _with_target(instruction: Form, numbers: list[int]) -> Form:
    if isinstance(instruction, list) and isinstance(instruction[1], dict):
        return [instruction[0], {"to": numbers[instruction[1]["to"]]}]
    return instruction


def _numbers(starts: list[int], end: int) -> list[int]:
    """Tell for every offset which instruction is the next one that counts."""
    numbers: list[int] = []
    for number, start in enumerate([*starts, end]):
        numbers += [number] * (start + 1 - len(numbers))
    return numbers


def constant(value: Any) -> Form:
    """Form a constant of a code, which may be a code itself."""
    if isinstance(value, types.CodeType):
        return code_content(value)
    if isinstance(value, tuple):
        return ["tuple", [constant(item) for item in value]]
    if isinstance(value, frozenset):
        return ["frozenset", sorted(map(constant, value), key=canonical)]
    return SCALARS[type(value)](value)


@functools.lru_cache(CACHED)
def global_names(code: types.CodeType) -> tuple[str, ...]:
    """List the names that a code, or a code within it, looks up beyond its own variables."""
    names = {
        one.argval
        for one in dis.get_instructions(code)
        if one.opname in ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS")
    }
    inner = (part for part in code.co_consts if isinstance(part, types.CodeType))
    return tuple(sorted(names.union(*map(global_names, inner))))


@functools.lru_cache(CACHED)
def set_names(code: types.CodeType) -> frozenset[str]:
    """Tell the variables of functions around it that a code, or a code within it, sets or deletes."""
    names = {
        one.argval for one in dis.get_instructions(code) if one.opname in ("STORE_DEREF", "DELETE_DEREF")
    }
    inner = (part for part in code.co_consts if isinstance(part, types.CodeType))
    return frozenset(names.union(*map(set_names, inner)))


def all_names(code: types.CodeType) -> set[str]:
    """Tell the names that a code, or a code within it, has for anything but its own variables."""
    inner = (part for part in code.co_consts if isinstance(part, types.CodeType))
    return set(code.co_names).union(*map(all_names, inner))


def all_texts(code: types.CodeType) -> set[str]:
    """Tell the texts in a code, or in a code within it."""
    inner = (part for part in code.co_consts if isinstance(part, types.CodeType))
    return {part for part in code.co_consts if isinstance(part, str)}.union(*map(all_texts, inner))
