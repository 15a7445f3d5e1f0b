"""Statements of a written DAG, and their text: one level inside the guard, deeper inside each ``with``."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dagfreeze.values.code import Expr, render

_INDENT = 4


@dataclass
class _Statement:
    """One statement.

    Attributes:
        level: how deep it is indented.
        expr: an expression, or the head of a ``with``.
        variable: what gets its value, if another statement uses that.
        opens: whether the following ones are inside of it.
        lines: in place of the expression: a definition, its first line not indented.
        parameters: of a definition whose body follows, to be completed by it.
    """

    level: int
    expr: Expr = ""
    variable: str = ""
    opens: bool = False
    lines: str = ""
    parameters: set[str] | None = None


class Statements:
    """Statements in their order.

    Attributes:
        level: of the next one.
        assigned: variables that are set.
    """

    def __init__(self) -> None:
        self._statements: list[_Statement] = []
        self._used: set[str] = set()
        self.level = 1
        self.assigned: set[str] = set()

    @property
    def indent(self) -> int:
        """Columns before the next statement."""
        return _INDENT * self.level

    @property
    def number(self) -> int:
        """How many statements there are."""
        return len(self._statements)

    def use(self, variable: str) -> str:
        """Use a variable; without this its statement does not set it."""
        self._used.add(variable)
        return variable

    def make(self, variable: str, expr: Expr) -> None:
        """A statement whose value may be used."""
        self._statements.append(_Statement(self.level, expr, variable))

    def assign(self, variable: str, expr: Expr) -> None:
        """A statement whose value is used."""
        self.make(self.use(variable), expr)

    def say(self, expr: Expr) -> None:
        """A statement without a value."""
        self.make("", expr)

    def define(self, lines: str, name: str) -> None:
        """A definition; all lines but the first are indented already."""
        self.assigned.add(name)
        self._statements.append(_Statement(self.level, lines=lines))

    def open(self, expr: Expr, variable: str) -> None:
        """The head of a ``with`` block."""
        self._statements.append(_Statement(self.level, expr, variable, opens=True))
        self.level += 1

    def open_function(self, decorator: Expr, name: str, parameters: set[str]) -> None:
        """The head of a decorated function; its parameters are known when its body is written."""
        lines = f"@{render(decorator, self.indent, 1)}\n{' ' * self.indent}def {name}("
        self.assigned.add(name)
        self._statements.append(_Statement(self.level, lines=lines, opens=True, parameters=parameters))
        self.level += 1

    def close(self) -> None:
        """The end of the innermost block."""
        self.level -= 1

    def text(self) -> str:
        """The text of all statements."""
        parts: list[str] = []
        functions: list[int] = []  # levels of those whose body is open
        for number, statement in enumerate(self._statements):
            before = self._statements[number - 1] if number else None
            after = self._statements[number + 1] if number + 1 < len(self._statements) else None
            ended = bool(functions) and functions[-1] >= statement.level
            while functions and functions[-1] >= statement.level:
                functions.pop()
            if before is not None and (ended or _is_apart(before, statement)):
                parts.append("\n")
            if statement.opens and statement.lines:
                functions.append(statement.level)
            is_empty = statement.opens and (after is None or after.level <= statement.level)
            if is_empty and not statement.lines and statement.level > 1:  # a group that is only made here
                parts.append(self._line(replace(statement, opens=False)))
                continue
            parts.append(self._line(statement))
            if is_empty:
                parts.append(" " * _INDENT * (statement.level + 1) + "pass\n")
        return "".join(parts)

    def _line(self, statement: _Statement) -> str:
        indent = _INDENT * statement.level
        margin = " " * indent
        if statement.parameters is not None:
            return f"{margin}{statement.lines}{', '.join(sorted(statement.parameters))}):\n"
        if statement.lines:
            return margin + statement.lines
        used = statement.variable in self._used and statement.variable
        if used:
            self.assigned.add(statement.variable)
        if statement.opens:
            tail = f" as {statement.variable}:" if used else ":"
            return f"{margin}with {render(statement.expr, indent, 5, len(tail))}{tail}\n"
        head = f"{statement.variable} = " if used else ""
        return f"{margin}{head}{render(statement.expr, indent, len(head))}\n"


def _is_apart(before: _Statement, statement: _Statement) -> bool:
    """Whether a blank line stands between two statements: around definitions, but not right inside of one."""
    if before.opens and before.level < statement.level and before.lines:
        return False
    return bool(before.lines or statement.lines)
