"""The text of functions and lambdas is found and moved to another indentation without another meaning."""

from __future__ import annotations

import ast
from pathlib import Path
from types import CodeType
from typing import Any

import pytest

from dagfreeze.refusal import Refused
from dagfreeze.writing.source import Source
from dagfreeze.writing.syntax import defaults, dotted, names

FILE = '''
def outer(table):
    @decorated(
        one=1,
    )
    def load(x, y=table, *, z=(1,
                               2)):
        """A text
  with lines."""
        sql = f"""
          select {x}
        """

        return sql, [
            y,
        ]

    return load


pair = lambda a: a + 1, lambda a: a + 2
late = [lambda n=n: n for n in range(3)]
wrapped = (
    lambda x: [
        x,
        "ü" + str(x),
    ]
)


async def wait():
\treturn 1
'''


@pytest.fixture
def source(tmp_path: Path) -> Source:
    path = tmp_path / "dags.py"
    path.write_text(FILE)
    return Source(str(path))


def namespace(source: Source) -> dict[str, Any]:
    values: dict[str, Any] = {"decorated": lambda **_: lambda function: function}
    exec(compile(FILE, source.path, "exec"), values)
    return values


def code_of(text: str, name: str) -> CodeType:
    values: dict[str, Any] = {}
    exec(text, values)
    return values[name].__code__


@pytest.mark.parametrize("indent", [0, 4, 12])
def test_a_nested_function_keeps_its_strings_at_every_indentation(source: Source, indent: int) -> None:
    function = namespace(source)["outer"]("orders")
    node = source.function(function.__code__)
    replaced = {
        part: repr(value) for part, value in zip(defaults(node), ("orders", (1, 2)), strict=True) if part
    }
    text = source.text(node, indent, replaced=replaced)
    assert not text.startswith((" ", "@"))
    assert all(line.startswith(" " * indent) or not line for line in text.split("\n")[-3:])
    block = "if 1:\n" + " " * indent + text if indent else text
    copy = code_of(block, "load")
    assert copy.co_code == function.__code__.co_code and copy.co_consts == function.__code__.co_consts
    assert "def load(x, y='orders', *, z=(1, 2)):" in text


def test_each_of_two_lambdas_in_a_line_is_found(source: Source) -> None:
    first, second = namespace(source)["pair"]
    assert source.text(source.function(first.__code__), 0) == "lambda a: a + 1"
    assert source.text(source.function(second.__code__), 0) == "lambda a: a + 2"


def test_a_lambda_of_several_lines_is_found(source: Source) -> None:
    node = source.function(namespace(source)["wrapped"].__code__)
    assert isinstance(node, ast.Lambda) and node.lineno > 20


def test_a_default_value_of_a_lambda_can_be_replaced(source: Source) -> None:
    node = source.function(namespace(source)["late"][2].__code__)
    (default,) = defaults(node)
    assert default is not None
    assert source.text(node, 0, replaced={default: "2"}) == "lambda n=2: n"


def test_tabs_become_spaces(source: Source) -> None:
    node = source.function(namespace(source)["wait"].__code__)
    assert source.text(node, 4) == "async def wait():\n        return 1"


def test_decorators_are_copied_when_asked_for(source: Source) -> None:
    node = source.function(namespace(source)["outer"](1).__code__)
    assert source.text(node, 0, decorators=True).startswith("@decorated(\n    one=1,\n)\ndef load")


DECORATED = r'''
if True:
    @wraps(f"{NAMES['a']} 'b' \"c\"", "\U0001FAE8'",
           text="""
  stays""")  # outside
    @(
        first  # inside
        or second
    )
    @plain
    def load(): pass
'''


@pytest.mark.parametrize("indent", [0, 8])
def test_decorators_keep_their_own_text_at_every_indentation(indent: int, tmp_path: Path) -> None:
    path = tmp_path / "decorated.py"
    path.write_text(DECORATED)
    source = Source(str(path))
    decorators = source.definitions["load"][0].decorator_list
    blanks = " " * indent
    assert [source.decorator(one, indent) for one in decorators] == [
        f'''@wraps(f"{{NAMES['a']}} 'b' \\"c\\"", "\\U0001FAE8'",
{blanks}       text="""
  stays""")
''',
        "@(first or second)\n",
        "@plain\n",
    ]


COMMENTED = '''
TEXT = """
# no comment"""
def plain():  # here
    return "# no"  # there, "quoted"

# apart

# One.
#   Two: ü
@decorated  # with
# between
class Kind:
    rows = 1; more = 2 # both
    # the end of the class

if TEXT:
    # not this deep
  # this
  def inner(): return 1  # inner
LIMIT = [  # first
    1,
]  # last
one = 1; two = 2  # two
pick = sorted(key=lambda: 1)  # not of the lambda
'''


@pytest.fixture
def commented(tmp_path: Path) -> Source:
    path = tmp_path / "commented.py"
    path.write_text(COMMENTED)
    return Source(str(path))


@pytest.mark.parametrize(
    ("name", "above", "end"),
    [
        ("plain", "", '    return "# no"  # there, "quoted"'),
        ("Kind", "# One.\n#   Two: ü\n", "    rows = 1; more = 2 # both"),
        ("inner", "# this\n", "def inner(): return 1  # inner"),
        ("LIMIT", "", "]  # last"),
        ("one", "", "one = 1"),
        ("two", "", "two = 2  # two"),
    ],
)
def test_comments_above_and_behind_a_statement_are_its_own(
    name: str, above: str, end: str, commented: Source
) -> None:
    node = commented.definition(name, None) or commented.assignment(name)
    assert node is not None
    assert commented.comments(node) == above
    assert commented.text(node, 0).split("\n")[-1] == end


def test_a_comment_behind_an_expression_is_not_its_own(commented: Source) -> None:
    (node,) = (part for part in ast.walk(commented.tree) if isinstance(part, ast.Lambda))
    assert commented.text(node, 0) == "lambda: 1"


def test_a_function_made_by_exec_has_no_source(source: Source) -> None:
    values: dict[str, Any] = {}
    exec("def made(): pass", values)
    with pytest.raises(Refused, match="the source of made"):
        source.function(values["made"].__code__)


def test_names_and_dotted_names_of_a_function() -> None:
    text = "@d\ndef f(p, q=e):\n    global g\n    g = p\n    x = 1\n    return os.path.join(a, b.c, x)"
    node = ast.parse(text).body[0]
    assert set(names(node)) == {"e", "g", "os", "a", "b"}
    assert set(names(node, with_defaults=False)) == {"g", "os", "a", "b"}
    assert set(dotted(node)) >= {"os.path.join", "b.c"}


def test_what_cannot_be_read_is_refused_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"nowhere\.py"):
        Source(str(tmp_path / "nowhere.py"))
