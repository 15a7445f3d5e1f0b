"""Code in one line, and what stands in strings as it is."""

from __future__ import annotations

import pytest

from dagfreeze.writing.indentation import in_one_line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("lambda x:  x", "lambda x:  x"),
        ("lambda x: [\n    x,  # one\n\n    'a  #'\n    'b',\n]", "lambda x: [x, 'a  #' 'b',]"),
        ("lambda x: \\\n  x", "lambda x: x"),
        ("lambda x:\n  x  # two\n  + 1", "lambda x: x + 1"),
        ('lambda x: f"""\n  {x}  {{\n"""', 'lambda x: f"""\n  {x}  {{\n"""'),
    ],
)
def test_an_expression_comes_into_one_line_but_for_its_strings(text: str, line: str) -> None:
    assert in_one_line(text) == line
