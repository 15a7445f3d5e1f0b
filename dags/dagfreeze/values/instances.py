"""Writes objects by a call that makes an equal one: of their class, or what `pickle` would call."""

from __future__ import annotations

import contextlib
import copyreg
import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dagfreeze.importable import is_installed
from dagfreeze.proof.state import state
from dagfreeze.refusal import Refused
from dagfreeze.values import airflow_values
from dagfreeze.values.code import Expr, call
from dagfreeze.values.construction import Construction
from dagfreeze.values.imports import constant, origin

if TYPE_CHECKING:
    from dagfreeze.values.expressions import Values

_MISSING = object()
_OTHER_NAMES = {"callback_callable": "path", "cron": "expression"}
"""Attributes of another name than the parameter that they come from."""

_PLAIN_FIRST = frozenset({"cron", "delta", "expression"})
"""Parameters whose names add nothing."""


def write(values: Values, value: Any) -> Expr:
    """Code for an object of a class that has no writer of its own.

    Raises:
        Refused: when no call is known that makes an equal object.
    """
    airflow_values.refuse_nodes(value)
    place = origin(value) or constant(value)
    if place is not None:
        return values.imports.name(*place)
    owner = airflow_values.owner(value)
    if owner is not None:
        return f"{values.reference(owner[0])}.{owner[1]}"
    for construction in _constructions(value):
        if _makes(construction, value):
            least = _with_plain_first(_least(construction, value))
            name = values.reference(least.maker)
            return call(name, *values.exprs(least.args), **values.arguments(least.keywords))
    raise _refusal(value)


def _refusal(value: Any) -> Refused:
    """Say what keeps an object from being made again."""
    kind: Any = type(value)
    name = kind.__qualname__ if kind.__module__.startswith("unusual_prefix_") else _full_name(kind)
    reason = f"no call is known that makes an object equal to this {name}"
    remedy = "Make the object at the top of a module that can be imported."
    if not is_installed(kind.__module__):
        remedy = (
            "Give the task a plain function, or a small object that holds only what the task needs; or m"
            + remedy[1:]
        )
    try:
        _form(value)
    except Refused as refusal:  # nothing can be equal to it
        return Refused(f"an object of the class {name}: {refusal.reason}", refusal.remedy)
    for construction in _constructions(value):
        with contextlib.suppress(Exception):  # foreign code
            again = dict(state(construction.maker(*construction.args, **construction.keywords)))
            others = [
                name for name, attribute in state(value) if not _same(again.get(name, _MISSING), attribute)
            ]
            if others:
                return Refused(
                    f"{reason}: {kind.__name__}(…) gives {', '.join(others)} another value", remedy
                )
    lost = [one.name for one in _parameters(kind) if _attribute(value, one.name) is _MISSING]
    if lost:
        reason += f": no attribute has what its constructor was given as {', '.join(lost)}"
    return Refused(reason, remedy)


def _full_name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _constructions(value: Any) -> Iterator[Construction]:
    """Calls that may make an equal object, the best first."""
    if type(value).__module__ == "builtins" and not isinstance(value, BaseException):
        return  # what is bare Python is not made of its arguments
    for way in (airflow_values.constructions, _pydantic, _by_parameters, _reduced):
        try:
            yield from way(value)
        except Exception:  # foreign code
            continue


def _makes(construction: Construction, value: Any) -> bool:
    """Whether a call makes an equal object."""
    try:
        instance = construction.completed(construction.maker(*construction.args, **construction.keywords))
    except Exception:  # foreign code
        return False
    if instance is value and not is_installed(type(value).__module__):
        return False  # its class makes one object only, and the call may just have changed it
    return type(instance) is type(value) and _same(instance, value)


def _same(one: Any, other: Any) -> bool:
    """Whether two values are equal in all that counts for a DAG."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if type(one) in (str, int, bool, bytes):
        return bool(one == other)
    try:
        return bool(_form(one) == _form(other))
    except Refused:  # nobody can tell
        return False


def _form(value: Any) -> Any:
    from dagfreeze.proof.forms import value_form

    return value_form(value)


def _least(construction: Construction, value: Any) -> Construction:
    """The same call without the keywords that change nothing."""
    for name in construction.keywords:
        fewer = _without(construction, name)
        if _makes(fewer, value):
            construction = fewer
    return construction


def _without(construction: Construction, name: str) -> Construction:
    return replace(
        construction,
        keywords={key: argument for key, argument in construction.keywords.items() if key != name},
    )


def _with_plain_first(construction: Construction) -> Construction:
    """The same call, its first argument without its name where that is all, or goes without saying."""
    if construction.args or not construction.keywords:
        return construction
    first = next(iter(_parameters(construction.maker)), None)
    if first is None or first.name not in construction.keywords or not _is_plain(first):
        return construction
    if first.name not in _PLAIN_FIRST and (
        len(construction.keywords) > 1 or first.default is not first.empty
    ):
        return construction
    return replace(_without(construction, first.name), args=(construction.keywords[first.name],))


def _pydantic(value: Any) -> Iterator[Construction]:
    """A pydantic model by the fields that were given when it was made."""
    kind = type(value)
    if not hasattr(kind, "__pydantic_fields__"):
        return
    by_name = kind.model_config.get("populate_by_name") or kind.model_config.get("validate_by_name")
    keywords = {}
    for name, field in kind.model_fields.items():
        if name in value.model_fields_set:
            alias = None if by_name else field.validation_alias or field.alias
            keywords[alias if isinstance(alias, str) else name] = getattr(value, name)
    yield Construction(kind, keywords={**keywords, **(value.model_extra or {})})


def _by_parameters(value: Any) -> Iterator[Construction]:
    """A class by its constructor's parameters, each with the attribute of its name."""
    kind: Any = type(value)
    args: list[Any] = []
    keywords: dict[str, Any] = {}
    extra: Mapping[str, Any] = {}
    for parameter in _parameters(kind):
        argument = _attribute(value, parameter.name)
        if parameter.kind is parameter.VAR_POSITIONAL:
            if isinstance(argument, list | tuple):
                args, keywords = [*args, *keywords.values(), *argument], {}
        elif parameter.kind is parameter.VAR_KEYWORD:
            extra = argument if isinstance(argument, dict) else {}
        elif argument is _MISSING and parameter.default is parameter.empty:
            return
        elif parameter.kind is parameter.POSITIONAL_ONLY:
            args.append(parameter.default if argument is _MISSING else argument)
        elif argument is not _MISSING and not _same(argument, parameter.default):  # saves a trial without it
            keywords[parameter.name] = argument
    whole = Construction(kind, tuple(args), {**keywords, **extra})
    yield whole
    for name in keywords:  # one of them may be made of the others
        yield _without(whole, name)


def _is_plain(parameter: inspect.Parameter) -> bool:
    return parameter.kind is parameter.POSITIONAL_OR_KEYWORD


@functools.cache
def _parameters(maker: Any) -> tuple[inspect.Parameter, ...]:
    """The parameters of a class, with those of its bases if it passes on the arguments that it does not name."""
    try:
        parameters = dict(inspect.signature(maker).parameters)
    except (TypeError, ValueError):
        return ()
    for passed_on in _initializers(maker):
        if all(parameter.kind is not parameter.VAR_KEYWORD for parameter in parameters.values()):
            break
        del parameters[next(name for name, one in parameters.items() if one.kind is one.VAR_KEYWORD)]
        inherited = list(inspect.signature(passed_on).parameters.values())[1:]
        parameters |= {
            parameter.name: parameter for parameter in inherited if parameter.name not in parameters
        }
    return tuple(parameters.values())


def _initializers(maker: Any) -> list[Callable[..., Any]]:
    """The functions to which a constructor may pass arguments on."""
    bases = getattr(maker, "__mro__", (maker,))[1:-1]
    inits = [getattr(maker, "__attrs_init__", None), *(vars(base).get("__init__") for base in bases)]
    return [init for init in inits if init is not None]


def _attribute(value: Any, parameter: str) -> Any:
    """The attribute that holds what a parameter was given."""
    kind = type(value)
    names = [field.name for field in getattr(kind, "__attrs_attrs__", ()) if field.alias == parameter]
    for base in (parameter, _OTHER_NAMES.get(parameter, parameter)):
        names += [base, f"_{base}", *(f"_{owner.__name__.lstrip('_')}__{base}" for owner in kind.__mro__)]
    attributes = getattr(value, "__dict__", {})
    for name in names:
        if name in attributes:
            return attributes[name]
    for name in names:
        try:
            return getattr(value, name)
        except Exception:  # a property may raise anything
            continue
    return _MISSING


def _reduced(value: Any) -> Iterator[Construction]:
    """What `pickle` would call; what it would set afterwards is left out, and then the object is not equal."""
    reduce: Callable[[Any], Any] | None = copyreg.dispatch_table.get(type(value))
    reduced = reduce(value) if reduce else value.__reduce_ex__(2)
    maker, args, _, listed, mapped = (*reduced, None, None, None)[:5]
    keywords: dict[str, Any] = {}
    if maker is copyreg.__newobj_ex__:  # type: ignore[attr-defined]
        maker, args, keywords = args
    elif maker is copyreg.__newobj__:  # type: ignore[attr-defined]
        maker, *args = args
    content = [list(listed)] if listed is not None else [dict(mapped)] if mapped is not None else []
    yield Construction(maker, (*args, *(part for part in content if part)), keywords)
