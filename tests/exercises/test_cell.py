"""Whatever a learner writes below ``@check(…)`` gets a sentence, and nothing of it is left running."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from workbook.environment import clean_environment
from workbook.exercises import cell, child
from workbook.exercises.attempt import Attempt
from workbook.exercises.cell import hint, verdict
from workbook.exercises.exercise import Exercise, NotYet
from workbook.stack.place import MARKER


def find_a_dag(attempt: Attempt) -> str:
    if "found" not in attempt.imported().dags:
        raise NotYet("no DAG")
    return ""


def double(attempt: Attempt) -> str:
    if attempt.call(4) != 8:
        raise NotYet("not the double")
    return "So it is."


FILE = Exercise(
    "99.1", "", "def dag_file():\n    ...\n", ("look", "think"), "1 < 2", ("", ""), (), find_a_dag
)
FUNCTION = Exercise("99.2", "", "def twice(number):\n    return ...\n", ("a", "b"), "", ("", ""), (), double)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the learner's code lives; nothing is left there, or running, after any test."""
    monkeypatch.setattr(child, "FOLDER", tmp_path)
    monkeypatch.setattr(cell, "FOLDER", tmp_path)
    yield tmp_path
    assert [process for process in psutil.process_iter() if str(tmp_path) in mark(process)] == []
    assert list(tmp_path.iterdir()) == []


def mark(process: psutil.Process) -> str:
    try:
        return process.environ().get(MARKER, "")
    except (psutil.Error, OSError):
        return ""


def of_file(*body: str) -> str:
    return verdict(FILE, '@check("99.1")\ndef dag_file():\n' + "".join(f"    {line}\n" for line in body))


DAG = ("from airflow.sdk import DAG", 'with DAG("found"):', "    pass")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (("while True:", "    pass"), "Does it loop for ever, or wait"),  # whichever limit comes first
        (("import sys", "sys.exit(3)"), "SystemExit: 3, line 4: `sys.exit(3)`. It ends Python"),
        (("import os", "os._exit(3)"), "Your code ended Python itself (exit status 3)"),
        (("import os", "os.kill(os.getpid(), 9)"), "Your code ended Python itself"),
        (("1 / 0",), "could not import the file: ZeroDivisionError: division by zero, line 3: `1 / 0`."),
        (("raise KeyboardInterrupt",), "KeyboardInterrupt"),
        (
            ("x = missing",),
            "NameError: name 'missing' is not defined, line 3: `x = missing`. Write everything that your code needs",
        ),
        (("for", "    pass"), "Python cannot read your code: invalid syntax, line 3."),
        (("return 3",), "SyntaxError: 'return' outside function, line 3: `return 3`."),
        (
            ("import os, time", "if os.fork() == 0:", "    time.sleep(1000)", *DAG),
            "Your code started a process that was still there",
        ),
        (
            (
                "import os, time",
                "if os.fork() == 0:",
                "    os.setsid()",
                "    if os.fork() == 0:",
                "        time.sleep(1000)",
                "    os._exit(0)",
                *DAG,
            ),
            "Your code started a process that was still there",
        ),
        (
            ("import subprocess", "subprocess.Popen(['sleep', '1000'])", *DAG),
            "a process that was still there",
        ),
        (("while True:", "    print('x' * 10_000)"), "Does it loop for ever, or wait"),
    ],
    ids=[
        "loop",
        "exit",
        "hard exit",
        "killed",
        "exception",
        "interrupt",
        "deleted name",
        "syntax",
        "return",
        "fork",
        "daemon",
        "command",
        "fills output",
    ],
)
def test_code_that_does_not_end_well_gets_a_sentence(
    folder: Path, body: tuple[str, ...], message: str
) -> None:
    output = of_file(*body)
    assert output.startswith("Not yet: exercise 99.1.")
    assert message in output
    assert len(output) < 2 * child.SHOWN_CHARACTERS
    assert str(folder) not in output


@pytest.mark.parametrize(
    "body", [(*DAG, "print('hello')"), (*DAG, "import os", "os.fork()")], ids=["prints", "forks"]
)
def test_harmless_code_is_done(body: tuple[str, ...]) -> None:
    output = of_file(*body)
    assert output.startswith("✔ Done: exercise 99.1.")
    assert output.endswith("hello") == ("print" in body[-1])


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("def twice(number):\n    return 2 * number\n", "✔ Done: exercise 99.2. So it is."),
        ("def twice(number): return number + number\n", "✔ Done: exercise 99.2. So it is."),
        ("def twice(number):\n    return number\n", "Not yet: exercise 99.2. not the double"),
        ("def twice(number):\n    return ...  # later\n", "To do: exercise 99.2."),
        (
            "def double(number):\n    return 8\n",
            "The check looks for `twice`, and this cell defines `double`.",
        ),
        ("def twice():\n    return 8\n", "TypeError: twice() takes 0 positional arguments but 1 was given."),
        ("def twice(number):\n    return twice(number)\n", "RecursionError"),
        ("def twice(number):\n    return number / 0\n", "division by zero, line 3: `return number / 0`."),
        (
            "def twice(number):\n    exit()\n",
            "Your code raised SystemExit, line 3: `exit()`. It ends Python",
        ),
        ("def twice(number):\n    raise SystemExit\n", "It ends Python"),
    ],
)
def test_function_is_called_for_real(code: str, message: str) -> None:
    assert message in verdict(FUNCTION, f'@check("99.2")\n{code}')


def test_endless_function_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "LIMIT_SECONDS", 10)
    output = verdict(FUNCTION, '@check("99.2")\ndef twice(number):\n    while True:\n        pass\n')
    assert "Your code had not ended after 10 seconds and was stopped." in output


@pytest.fixture
def interruptible() -> Iterator[None]:
    """As a kernel is; what a shell starts in the background is not."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_interrupt_ends_the_check_and_the_code() -> None:
    threading.Thread(target=interrupt_when_it_runs, args=(threading.get_ident(),)).start()
    with pytest.raises(KeyboardInterrupt):
        verdict(FUNCTION, '@check("99.2")\ndef twice(number):\n    while True:\n        pass\n')


def interrupt_when_it_runs(thread: int) -> None:
    while not any(
        str(child.FOLDER) in mark(process) for process in psutil.Process().children(recursive=True)
    ):
        time.sleep(0.1)
    signal.pthread_kill(thread, signal.SIGINT)


def test_code_ends_with_the_kernel_that_checks_it() -> None:
    program = "import time\nfrom workbook.exercises.child import in_child\nin_child(time.sleep, 1000)"
    kernel = subprocess.Popen([sys.executable, "-c", program], env=clean_environment(os.environ))
    while not (family := psutil.Process(kernel.pid).children(recursive=True))[1:]:
        assert kernel.poll() is None
        time.sleep(0.1)
    kernel.kill()
    kernel.wait()
    assert psutil.wait_procs(family, timeout=60)[1] == []


@pytest.mark.parametrize("name", ["dag_file", "trigger_file"])
def test_lines_are_those_of_the_cell_and_texts_stay_as_they_are(name: str) -> None:
    text = f'# above\n@check("99.1")\ndef {name}():\n    # said\n    x = """\na\n    b"""\n    y = 1\n'
    file = cell.file_text(text, cell._definition(text, "99.1"))
    assert file.splitlines()[3:] == text.splitlines()[3:]
    namespace: dict[str, object] = {}
    exec(file, namespace)
    assert namespace["x"] == "\na\n    b"


def test_file_that_airflow_passes_over_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "dag_file.py").write_text("x = 1\n")
    with pytest.raises(NotYet, match='the words "dag" and "airflow" occur in it'):
        Attempt(tmp_path / "dag_file.py").parsed()
    (tmp_path / "dag_file.py").unlink()


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    """As in a notebook, without one."""
    interactive = InteractiveShell.instance()
    interactive.events.register("post_run_cell", cell._say_of_syntax)
    monkeypatch.setattr(cell, "exercise", {"99.1": FILE, "99.2": FUNCTION}.__getitem__)
    interactive.run_cell("from workbook.exercises import check, hint, solution")
    yield interactive
    InteractiveShell.clear_instance()


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ('@check("99.2")\ndef twice(number):\n    return ...', "To do: exercise 99.2. hint("),
        ('@check("99.2")\ndef twice(number):\n    return 2 * number', "✔ Done: exercise 99.2. So it is."),
        ('x = 1\n\n@check("99.2")\nclass twice:\n    pass', "Not yet: exercise 99.2."),
        (
            '@check("99.2")\ndef twice(number):\n    return (',
            "Python cannot read this cell, so none of it ran.",
        ),
        ('@check("99.2")\n', "Python cannot read this cell, so none of it ran."),
        ('check("99.2")', 'Write @check("99.2") on the line above your function.'),
        ('hint("99.1")', "Hint 1 of 2: look"),
    ],
)
def test_cell_of_a_notebook_is_answered(shell: InteractiveShell, code: str, message: str) -> None:
    with capture_output() as output:
        shell.run_cell(code, store_history=True)
    assert message in output.stdout, output.stdout


def test_hints_come_one_after_the_other(capsys: pytest.CaptureFixture[str]) -> None:
    cell._shown.clear()
    for _ in range(3):
        hint("02.3")
    assert re.findall(r"^Hint \d", capsys.readouterr().out, re.MULTILINE) == ["Hint 1", "Hint 2", "Hint 1"]


@pytest.mark.parametrize("number", ["02.9", "98.1", "two"])
def test_number_that_does_not_exist_is_said(number: str) -> None:
    with pytest.raises(ValueError, match=f'there is no exercise "{number}"; '):
        hint(number)


def test_long_message_is_broken_between_words(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["configuration"] * 30
    monkeypatch.setattr(cell, "exercise", lambda number: replace(FILE, hints=(" ".join(words),)))
    hint("99.1")
    output = capsys.readouterr().out
    assert max(map(len, output.splitlines())) <= 100
    assert output.split()[4:] == words
