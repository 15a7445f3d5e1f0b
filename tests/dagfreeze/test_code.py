"""Literals that stay literals, and a layout that ruff leaves alone."""

from __future__ import annotations

import ast
import io
import subprocess
import sys
import tokenize
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from dagfreeze.values.code import Chain, Expr, Group, call, items, pairs, render
from dagfreeze.values.literals import byte_string, is_name, line, string

HOSTILE = [
    '"',
    "'",
    '"""',
    "'''",
    "\\",
    '\\"',
    "\n",
    " \n",
    "\r\n",
    "\t",
    "\f",
    "\0",
    "\x1b[0m",
    "\x7f",
    "\x85",
    "\ud800",
    "\udfff",
    "\u2028",
    "\u202e",
    "\u2066",
    "\u200b",
    "\u200d",
    "\u3164",
    "\ufe0f",
    "\ufeff",
    "\ue000",
    "\U000e0001",
    "{{ 7 * 7 }}",
    "{x}",
    "%s",
    "#",
    "# fmt: off",
    "N{BULLET}",
    "ü",
    "日",
    "e\u0301",
    "🚀",
    " ",
    "a",
]
TEXT = st.one_of(
    st.lists(st.sampled_from(HOSTILE), max_size=8).map("".join),
    st.text(st.characters(exclude_categories=()), max_size=20),
    st.lists(st.text("abc =(),'\"\\", max_size=30), max_size=5).map("\n".join),
)
READABLE = "ü日中é€…„“”–→✓✗±×αЖא🚀🔥✅"
SOLE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


Arguments = tuple[tuple[Any, ...], tuple[tuple[str, Any], ...]]


@dataclass(frozen=True)
class Call:
    """Stands for a call and those of what it gives, in a value as in what its code evaluates to."""

    links: tuple[tuple[str, Arguments], ...]

    def __call__(self, *args: Any, **kwargs: Any) -> Call:
        return self.then("(", (args, tuple(kwargs.items())))

    def map(self, *args: Any, **kwargs: Any) -> Call:
        return self.then(".map(", (args, tuple(kwargs.items())))

    def then(self, open: str, arguments: Arguments) -> Call:
        return Call((*self.links, (open, arguments)))


def unnamed_call(*args: Any, **kwargs: Any) -> Call:
    return Call(())(*args, **kwargs)


NAMES = st.sampled_from(["a", "task_id", "a_rather_long_argument", "ñ", "日本"])


def keywords(values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[tuple[str, Any], ...]]:
    return st.dictionaries(NAMES, values, max_size=2).map(lambda kwargs: tuple(kwargs.items()))


WORDS = st.text("abcü日 \"'", max_size=100) | TEXT
SCALARS = WORDS | st.integers() | st.booleans() | st.none() | st.binary(max_size=40)
KEYS = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3).map(tuple), max_leaves=4)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(KEYS, inner, max_size=4)
        | st.lists(
            st.tuples(
                st.sampled_from(["(", ".map("]),
                st.tuples(st.lists(inner, min_size=1, max_size=2).map(tuple), keywords(inner)),
            ),
            min_size=1,
            max_size=4,
        ).map(lambda links: Call((("(", links[0][1]), *links[1:])))
    ),
    max_leaves=12,
)


def tree(value: Any) -> Expr:
    if isinstance(value, str):
        return string(value)
    if isinstance(value, bytes):
        return byte_string(value)
    if isinstance(value, list):
        return items("[", map(tree, value), "]")
    if isinstance(value, tuple):
        return items("(", map(tree, value), ")")
    if isinstance(value, dict):
        return pairs(
            (line(key) if isinstance(key, str) else tree(key), tree(item)) for key, item in value.items()
        )
    if isinstance(value, Call):
        first, *others = (
            replace(call("", *map(tree, args), **{name: tree(item) for name, item in kwargs}), open=open)
            for open, (args, kwargs) in value.links
        )
        chain: Group | Chain = replace(first, open="made(")
        for other in others:
            chain = Chain(chain, other)
        return chain
    return str(value)


def ruff_changes(text: str, folder: Path, line_length: int) -> str:
    file = folder / "file.py"
    file.write_text(text, encoding="utf-8")
    ruff = Path(sys.executable).with_name("ruff")
    options = ["--isolated", "--no-cache", "--diff", f"--line-length={line_length}"]
    run = subprocess.run([ruff, "format", *options, file], capture_output=True, text=True, check=False)
    return run.stdout + (run.stderr if run.returncode > 1 else "")


@SOLE
@given(TEXT)
def test_every_text_comes_back_from_its_literal(text: str) -> None:
    assert ast.literal_eval(string(text)) == text
    assert ast.literal_eval(line(text)) == text
    assert "\n" not in line(text)


@SOLE
@given(st.binary())
def test_all_bytes_come_back_from_their_literal(data: bytes) -> None:
    assert ast.literal_eval(byte_string(data)) == data
    assert byte_string(data).isascii()


@SOLE
@given(TEXT)
def test_a_literal_is_one_token_that_shows_all_it_holds(text: str) -> None:
    for literal in (string(text), line(text)):
        tokens = tokenize.generate_tokens(io.StringIO(literal).readline)
        kinds = [token.type for token in tokens if token.string.strip()]
        assert kinds == [tokenize.STRING]
        assert literal[0] in "\"'"  # no prefix
        literal.encode()  # no lone surrogate
        assert not [c for c in literal if c != "\n" and not c.isprintable()]
        assert not set(literal) & set("\u200b\u202e\u2066\u3164\ufe0f\ufeff\xad")
        assert " \n" not in literal  # an editor would strip it


def test_what_one_can_read_stays_as_it_is() -> None:
    assert string(READABLE) == f'"{READABLE}"'


@pytest.mark.parametrize(
    "code", [0x00, 0x7F, 0x85, 0xA0, 0xAD, 0x2028, 0x202E, 0x3000, 0xD800, 0xE000, 0x1F1E9]
)
def test_what_one_cannot_read_is_an_escape_in_the_case_of_ruff(code: int) -> None:
    literal = string(chr(code))
    assert literal[1] == "\\"
    assert literal == literal.lower().replace("\\u0001", "\\U0001")


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("a", '"a"'),
        ('say "hi"', "'say \"hi\"'"),
        ("it's", '"it\'s"'),
        ('it\'s "a"', "'it\\'s \"a\"'"),
        ("'\"", '"\'\\""'),
        ("a\n", '"a\\n"'),
        ("\n", '"\\n"'),
        ("a\nb", '"""a\nb"""'),
        ("\na\n", '"""\na\n"""'),
        ("\nselect 1\n    ", '"""\nselect 1\n    """'),
        ("a \nb", '"a \\nb"'),
        ("\ta\r\nb", '"""\\ta\\r\nb"""'),
        ('a\n"""', '"""a\n\\"\\"\\""""'),
        ('a\nb"', '"""a\nb\\""""'),
        ("a\\\nb", '"""a\\\\\nb"""'),
    ],
)
def test_texts_are_quoted_as_a_person_would(text: str, literal: str) -> None:
    assert string(text) == literal
    assert ast.literal_eval(literal) == text


@SOLE
@given(VALUES, st.integers(0, 60), st.integers(0, 30))
def test_a_tree_evaluates_to_what_it_was_made_of(value: Any, before: int, after: int) -> None:
    text = render(tree(value), 4, before, after)
    assert eval(text, {"made": unnamed_call}) == value


@settings(SOLE, max_examples=10, phases=[Phase.generate])  # to shrink so much takes minutes
@given(st.lists(VALUES, min_size=15, max_size=30))
def test_ruff_leaves_every_layout_alone_at_any_line_length(
    tmp_path_factory: pytest.TempPathFactory, values: list[Any]
) -> None:
    # a text that stands alone gets a list, because ruff puts brackets around a long one
    exprs = [
        expr if isinstance(expr, Group | Chain) else items("[", [expr], "]") for expr in map(tree, values)
    ]
    text = "".join(f"x = {render(expr, 0, 4)}\n{render(expr)}\n" for expr in exprs)
    nested = "".join(f"    x = {render(expr, 4, 4)}\n    {render(expr, 4)}\n" for expr in exprs)
    text += f"if x:\n{nested}"
    folder = tmp_path_factory.mktemp("ruff")
    assert [ruff_changes(text, folder, length) for length in (88, 110)] == ["", ""]


WIDE = "x" * 30


@pytest.mark.parametrize(
    ("expr", "before", "text"),
    [
        (items("(", ["1"], ")"), 0, "(1,)"),
        (items("(", [], ")"), 0, "()"),
        (pairs([]), 0, "{}"),
        (call("f", "1", b="2"), 0, "f(1, b=2)"),
        (call("f", f'"{"x" * 80}"'), 0, f'f("{"x" * 80}")'),
        (call("f", f'"{"x" * 83}"'), 0, f'f("{"x" * 83}")'),
        (call("f", f'"{"x" * 84}"'), 0, f'f(\n    "{"x" * 84}",\n)'),
        (call("f", f'"{"x" * 80}"'), 4, f'f(\n    "{"x" * 80}",\n)'),
        (
            items("(", [call("f", f'"{"x" * 78}"')], ")"),
            4,
            f'(\n    f(\n        "{"x" * 78}",\n    ),\n)',
        ),
        (items("(", [f'"{"x" * 80}"'], ")"), 4, f'(\n    *[\n        "{"x" * 80}",\n    ],\n)'),
        (call("f", string("a\nb")), 0, 'f(\n    """a\nb""",\n)'),
        (
            pairs([(items("(", [WIDE, WIDE, WIDE], ")"), "1")]),
            0,
            f"{{\n    (\n        {WIDE},\n        {WIDE},\n        {WIDE},\n    ): 1,\n}}",
        ),
        (
            pairs([(items("(", [WIDE, WIDE], ")"), call("f", WIDE))]),
            0,
            f"{{\n    ({WIDE}, {WIDE}): f(\n        {WIDE},\n    ),\n}}",
        ),
    ],
)
def test_a_group_stands_on_one_line_or_one_item_a_line(expr: Group, before: int, text: str) -> None:
    assert render(expr, 0, before) == text


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (0, f"f({WIDE}).map({WIDE}).map(\n    {WIDE},\n)"),
        (4, f"(\n    f({WIDE})\n    .map({WIDE})\n    .map(\n        {WIDE},\n    )\n)"),
    ],
)
def test_a_chain_begins_lines_with_its_dots_where_brackets_may_stand(before: int, text: str) -> None:
    chain = Chain(Chain(call("f", WIDE), call(".map", WIDE)), call(".map", WIDE))
    assert render(chain, 0, before) == text


def test_inner_groups_are_indented_by_the_statement() -> None:
    text = render(call("f", items("[", [WIDE, WIDE, WIDE], "]"), a="1"), indent=4)
    assert text == (
        f"f(\n        [\n            {WIDE},\n            {WIDE},\n            {WIDE},\n        ],\n        a=1,\n    )"
    )


@pytest.mark.parametrize(
    "name", ["a b", "a=1, b", "class", "", "1", "__debug__", "ﬁ", "\u3164", "\u1160", "x\u200d", "a\n"]
)
def test_no_keyword_can_be_code(name: str) -> None:
    assert not is_name(name)
    with pytest.raises(ValueError, match="no name"):
        call("f", **{name: "1"})


@pytest.mark.parametrize("name", ["a", "_a1", "größe", "日本", "match", "type", "print"])
def test_a_name_that_reads_as_it_is_written_is_one(name: str) -> None:
    assert is_name(name)
