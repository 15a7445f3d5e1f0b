"""The command line, as a user meets it: what it writes, says and returns, and what it leaves alone."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from dagfreeze.__main__ import main
from dagfreeze.files import replace
from dagfreeze.progress import Progress

pytestmark = pytest.mark.airflow

FACTORY = """
import json
import pathlib
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

print("noise of the factory")
HERE = pathlib.Path(__file__).parent
for name, table in json.loads((HERE / "tables.json").read_text()).items():
    with DAG(name, schedule=None, doc_md=f"Loads {table}."):
        BashOperator(task_id="load", bash_command="load $TABLE", env={"TABLE": table, "AT": str(HERE / "sql")})
"""


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A bundle with a factory of six DAGs."""
    folder = tmp_path / "dags"
    folder.mkdir()
    (folder / "shop.py").write_text(FACTORY)
    tables(folder, 6)
    return folder


def tables(folder: Path, number: int, **changed: str) -> None:
    names = {f"shop_{index}": f"t{index}" for index in range(number)}
    (folder / "tables.json").write_text(json.dumps({**names, **changed}))


def freeze(bundle: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-P",
        "-m",
        "dagfreeze",
        str(bundle / "shop.py"),
        "--out",
        str(bundle / "frozen"),
    ]
    return subprocess.run(
        [*command, *arguments], capture_output=True, text=True, env={**os.environ, **environment}, cwd=bundle
    )


def state(folder: Path) -> dict[str, tuple[int, int]]:
    return {path.name: (path.stat().st_mtime_ns, path.stat().st_ino) for path in folder.glob("*.py")}


def test_a_life_of_a_frozen_folder(bundle: Path) -> None:
    first = freeze(bundle, "--dags-per-file", "3")
    assert first.returncode == 0, first.stderr
    assert "6 DAGs frozen and proven" in first.stdout
    assert "noise" not in first.stdout + first.stderr
    assert "tables.json, read at shop.py:9" in first.stderr
    assert ".airflowignore" in first.stdout
    before = state(bundle / "frozen")
    text = "".join(path.read_text() for path in (bundle / "frozen").glob("*.py"))
    assert 'Path(__file__).parents[1] / "sql"' in text and str(bundle) not in text

    again = freeze(bundle, "--report", str(bundle / "report.json"))
    assert again.returncode == 0 and state(bundle / "frozen") == before
    report = json.loads((bundle / "report.json").read_text())
    assert report["dags"]["frozen"] == 6 and report["written"] == []
    assert freeze(bundle, "--check").returncode == 0

    tables(bundle, 6, shop_3='other"); import os #')
    check = freeze(bundle, "--check", "--diff", PYTHONIOENCODING="ascii")
    assert check.returncode == 1 and state(bundle / "frozen") == before
    assert "DAGs that would be changed: shop_3\n" in check.stderr
    assert "Of 6 DAGs, 0 would be added, 1 changed, 0 removed, 0 moved.\n" in check.stderr
    assert check.stderr.count("DAGs that would be") == 1, "the same DAGs, in the same files"
    assert "+" in check.stdout and "Traceback" not in check.stderr
    edited = freeze(bundle)
    after = state(bundle / "frozen")
    assert edited.returncode == 0 and sum(before[name] != after[name] for name in before) == 1
    assert "DAGs changed: shop_3\n" in edited.stdout

    tables(bundle, 5, new="t", shop_3='other"); import os #')
    check = freeze(bundle, "--check")
    assert "DAGs that would be added: new\nDAGs that would be removed: shop_5\n" in check.stderr
    assert "changed" not in check.stderr, "its neighbours are written as before"

    tables(bundle, 1)
    refused = freeze(bundle)
    assert refused.returncode == 2 and "5 of 6 DAGs would be removed" in refused.stderr
    assert state(bundle / "frozen") == after
    assert freeze(bundle, "--max-removed", "5").returncode == 0


def test_a_new_round_of_a_loop_leaves_the_functions_of_the_other_rounds_alone(bundle: Path) -> None:
    text = Path(__file__).with_name("catalog").joinpath("function_in_a_loop.py").read_text()
    (bundle / "shop.py").write_text(text)
    assert freeze(bundle, "--dags-per-file", "1").returncode == 0
    before = state(bundle / "frozen")
    assert "def count(limit=LIMIT):" in (bundle / "frozen" / "dag_function_in_a_loop_a.py").read_text()
    (bundle / "shop.py").write_text(text.replace('("a", "b", "c")', '("a", "b", "c", "d")'))
    assert freeze(bundle).returncode == 0
    after = state(bundle / "frozen")
    assert len(after) == 4 and {name: after[name] for name in before} == before


def test_a_factory_that_was_renamed_takes_its_dags_over_when_both_names_are_given(bundle: Path) -> None:
    assert freeze(bundle, "--dags-per-file", "2").returncode == 0
    before = {path.name for path in (bundle / "frozen").glob("*.py")}
    assert len(before) > 1
    (bundle / "shop.py").rename(bundle / "store.py")
    alone = freeze(bundle)
    assert alone.returncode == 2 and "6 of 6 DAGs would be removed" in alone.stderr
    assert "shop.py does not exist any more" in alone.stderr
    both = freeze(bundle, str(bundle / "store.py"))
    assert both.returncode == 0, both.stderr
    assert "add /store.py to .airflowignore" in both.stdout
    names = {path.name for path in (bundle / "frozen").glob("*.py")}
    assert names == {name.replace("shop", "store") for name in before}
    for name in names:
        (bundle / "frozen" / name).unlink()
    missing = freeze(bundle)
    assert missing.returncode == 2 and "shop.py: no such file or folder" in missing.stderr


def test_no_dag_goes_when_the_factory_has_logged_an_error(bundle: Path) -> None:
    assert freeze(bundle).returncode == 0
    tables(bundle, 5)
    with (bundle / "shop.py").open("a") as file:
        file.write("import logging\nlogging.getLogger('loader').error('orders.yml cannot be read')\n")
    for way in ([], ["--check"]):
        refused = freeze(bundle, *way)
        assert refused.returncode == 2
        assert (
            "1 of 6 DAGs would be removed: shop_5; and an error was logged: loader: orders.yml"
            in refused.stderr
        )
    meant = freeze(bundle, "--max-removed", "1")
    assert meant.returncode == 1 and "DAGs removed: shop_5" in meant.stdout, "an error was logged"


def test_a_source_that_is_still_there_and_makes_no_dag_removes_none_unasked(bundle: Path) -> None:
    """A service that answers nothing, next to a source of many DAGs, of which a tenth would be enough."""
    text = (bundle / "shop.py").read_text()
    (bundle / "many.py").write_text(
        "from airflow.sdk import DAG\nfor n in range(40):\n    with DAG(f'm{n}', schedule=None):\n        pass\n"
    )
    (bundle / "few.py").write_text(text.replace("tables.json", "few.json"))
    (bundle / "few.json").write_text('{"few_1": "a", "few_2": "b"}')
    sources = [str(bundle / "many.py"), str(bundle / "few.py")]
    assert freeze(bundle, *sources).returncode == 0
    (bundle / "few.json").write_text("{}")
    empty = freeze(bundle, *sources)
    assert empty.returncode == 2 and "few.py makes no DAG any more" in empty.stderr, empty.stderr
    assert "2 would be removed: few_1, few_2" in empty.stderr and (bundle / "frozen" / "few.py").exists()
    meant = freeze(bundle, *sources, "--max-removed", "2")
    assert meant.returncode == 0 and "DAGs removed: few_1, few_2" in meant.stdout


def test_the_check_fails_while_frozen_files_of_a_deleted_factory_are_there(bundle: Path) -> None:
    (bundle / "other.py").write_text(
        (bundle / "shop.py").read_text().replace("with DAG(name", "with DAG('o' + name")
    )
    assert freeze(bundle, str(bundle / "other.py")).returncode == 0
    (bundle / "other.py").unlink()
    check = freeze(bundle, "--check")
    assert check.returncode == 1 and "still has its frozen files" in check.stderr


def test_the_advice_to_ignore_the_factory_is_given_until_it_is_followed(bundle: Path) -> None:
    advice = "add /shop.py to .airflowignore"
    assert advice in freeze(bundle).stdout and advice in freeze(bundle).stdout
    (bundle / ".airflowignore").write_text("/shop.py\n")
    assert advice not in freeze(bundle).stdout


def test_a_folder_as_source_is_ignored_as_a_whole_and_found_again(bundle: Path) -> None:
    (bundle / "shops").mkdir()
    for name in ("shop.py", "tables.json"):
        (bundle / name).rename(bundle / "shops" / name)
    command = [sys.executable, "-P", "-m", "dagfreeze", "--bundle", "."]

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*command, *arguments], capture_output=True, text=True, cwd=bundle)

    first = run("shops", "--out", "frozen")
    assert first.returncode == 0 and "add /shops/ to .airflowignore" in first.stdout, first.stderr
    (bundle / ".airflowignore").write_text("/shops/\n")
    again = run("shops", "--out", "frozen", "--check")
    assert again.returncode == 0 and "6 DAGs" in again.stdout, again.stderr
    # if Airflow ignored these, they would be missing here the next time, and their DAGs would go
    inside = run(".", "--out", "frozen")
    assert inside.returncode == 2 and "Name the DAG files instead" in inside.stderr


def test_what_takes_long_is_said_in_a_log_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = iter([0.0, 200.0, 301.0, 400.0, 602.0])
    monkeypatch.setattr("dagfreeze.progress.time.monotonic", lambda: next(clock))
    with Progress() as progress:
        for _ in range(4):
            progress.say("importing shop.py")
    assert capsys.readouterr().err == "".join(f"dagfreeze: importing shop.py ({at} s)\n" for at in (301, 602))


def test_some_dags_alone_are_not_to_be_read_twice_and_a_wrong_id_is_refused(bundle: Path) -> None:
    some = freeze(bundle, "--only", "shop_1")
    assert some.returncode == 0 and "These files are only for you to look at" in some.stdout
    assert ".airflowignore" not in some.stdout
    wrong = freeze(bundle, "--only", "shop_99")
    assert wrong.returncode == 2 and "--only shop_99" in wrong.stderr


def test_an_error_that_was_logged_is_shown_with_its_cause_and_fails_the_check(bundle: Path) -> None:
    with (bundle / "shop.py").open("a") as file:
        file.write(
            "import logging\ntry:\n    raise ValueError('no operator\\nBoshOperator')\n"
            "except ValueError:\n    logging.getLogger('loader').exception('new.yml cannot be loaded')\n"
        )
    result = freeze(bundle)
    message = "loader: new.yml cannot be loaded: ValueError: no operator BoshOperator"
    assert result.returncode == 1 and message in result.stderr
    assert "DAGs may be missing" in result.stderr and [*(bundle / "frozen").glob("*.py")]
    check = freeze(bundle, "--check")
    assert check.returncode == 1 and "current" in check.stdout and "DAGs may be missing" in check.stderr


def test_the_check_says_what_can_never_be_current_and_what_airflow_reads_twice(bundle: Path) -> None:
    text = (bundle / "shop.py").read_text()
    (bundle / "shop.py").write_text(text.replace('"load $TABLE"', 'f"load {time.time_ns()}"') + "\n")
    (bundle / "shop.py").write_text(f"import time\n{(bundle / 'shop.py').read_text()}")
    assert freeze(bundle).returncode == 0
    check = freeze(bundle, "--check")
    assert check.returncode == 1 and "is never current" in check.stderr
    assert "without --check" not in check.stderr and "add /shop.py to .airflowignore" in check.stdout


def test_files_outside_of_the_bundle_are_to_be_read_in_place_of_the_factory(
    bundle: Path, tmp_path: Path
) -> None:
    result = freeze(bundle, "--out", str(tmp_path / "elsewhere"))
    assert result.returncode == 0 and "and no longer the factory" in result.stdout
    assert ".airflowignore" not in result.stdout


def test_an_airflow_that_does_not_start_is_one_sentence(bundle: Path) -> None:
    result = freeze(bundle, AIRFLOW__DATABASE__SQL_ALCHEMY_CONN="nonsense://")
    assert result.returncode == 2 and "Airflow does not start in this environment" in result.stderr


def test_what_the_factory_does_to_the_process_is_named(bundle: Path) -> None:
    with (bundle / "shop.py").open("a") as file:
        file.write("import os, sys\nos.environ['STAGE'] = 'prod'\nsys.path.insert(0, str(HERE / 'lib'))\n")
        file.write("import decimal\ndecimal.getcontext().prec = 3\nos.umask(0o077)\n")
    result = freeze(bundle)
    assert result.returncode == 0
    assert "sets these when it is imported" in result.stderr
    for name in ("STAGE", "os.umask", "sys.path", "the context of decimal"):
        assert f"  {name}\n" in result.stderr


def test_an_import_that_fails_is_told_as_airflow_tells_it(bundle: Path) -> None:
    with (bundle / "shop.py").open("a") as file:
        file.write("with DAG('last', schedule=None):\n    BashOperator('task')\n")
    result = freeze(bundle)
    assert result.returncode == 2
    assert 'shop.py", line ' in result.stderr and "watching" not in result.stderr
    assert result.stderr.count("  File ") == 2, "as many as Airflow quotes"


@pytest.mark.parametrize("argument", ["{}", "{}/factory.py"])
def test_factories_of_one_name_do_not_take_over_each_other_s_files(tmp_path: Path, argument: str) -> None:
    for team in ("one", "two"):
        (tmp_path / team).mkdir()
        (tmp_path / team / "factory.py").write_text(
            "from airflow.sdk import DAG\n"
            f"for n in range(3):\n    with DAG(f'{team}_{{n}}', schedule=None):\n        pass\n"
        )

    def frozen(team: str, *more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-P", "-m", "dagfreeze", str(tmp_path / argument.format(team)), *more]
        return subprocess.run(
            [*command, "--out", str(tmp_path / "frozen")], capture_output=True, text=True, check=False
        )

    assert frozen("one").returncode == 0
    before = state(tmp_path / "frozen")
    result = frozen("two")
    assert result.returncode == 2 and "has DAGs of another" in result.stderr and "--bundle" in result.stderr
    other = frozen("two", "--bundle", str(tmp_path / "two"))
    assert other.returncode == 2 and "has DAGs of another" in other.stderr
    assert state(tmp_path / "frozen") == before
    result = frozen("two", "--bundle", str(tmp_path))
    assert "3 added, 0 changed, 0 removed" in result.stdout, result.stderr


@pytest.mark.parametrize(
    ("report", "message"), [("shop.py", "this is Python code"), ("frozen", "this is a folder")]
)
def test_a_report_overwrites_nothing_else(bundle: Path, report: str, message: str) -> None:
    (bundle / "frozen").mkdir()
    result = freeze(bundle, "--report", str(bundle / report))
    assert result.returncode == 2 and message in result.stderr
    assert (bundle / "shop.py").read_text() == FACTORY


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_report_that_cannot_be_written_is_said_and_nothing_is_written(bundle: Path) -> None:
    result = freeze(bundle, "--report", "/dev/full")
    assert result.returncode == 2
    assert result.stderr.endswith(
        "--report /dev/full: No space left on device\nChoose another file.\nNothing was written.\n"
    )
    assert not (bundle / "frozen").exists()


def test_a_folder_that_becomes_full_has_files_that_are_old_or_new(
    bundle: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def is_full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    arguments = [str(bundle / "shop.py"), "--out", str(bundle / "frozen")]
    monkeypatch.setattr(replace, "_write", is_full)
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert "no space left on device" in error and "Nothing was written" not in error
    assert error.endswith("Every file is either old or new; run the command again to complete the build.\n")


SECRETS = {
    "API_TOKEN": "it's a token",
    "UNUSED_TOKEN": "nobody writes it",
    "AIRFLOW_CONN_WAREHOUSE": '{"conn_type": "x", "password": "s3/cret", "extra": {"api_key": "k3y-of-it"}}',
    "AIRFLOW_VAR_STORE": '{"host": "h", "logins": [{"password": "d33p"}]}',
}


def test_a_secret_that_stands_in_a_frozen_file_is_named_with_its_dags(bundle: Path) -> None:
    with (bundle / "shop.py").open("a") as file:
        file.write(
            "import os\nfrom airflow.sdk import Connection, task\n"
            "KEY, _ = os.environ['API_TOKEN'], os.environ['UNUSED_TOKEN']\n"
            "it = Connection.get('warehouse')\n"
            "from airflow.sdk import Variable\n"
            "login = Variable.get('store', deserialize_json=True)['logins'][0]\n"
            "with DAG('quoting', schedule=None, doc_md=f'{it.get_uri()} {login}'): pass\n"
            "with DAG('asking', schedule=None, doc_md=f'psql -p {it.password}', params={**os.environ}):\n"
            "    BashOperator(task_id='a', bash_command='a', env=dict(it.extra_dejson))\n"
            "    BashOperator(task_id='b', bash_command='b', env={'TOKEN': 'its own', 'API_KEY': '{{ a }}'})\n"
            "    @task\n    def ask(): return KEY\n"
            "    ask()\n"
        )
    result = freeze(bundle, **SECRETS)
    assert result.returncode == 0, result.stderr
    assert (
        "Read them in tasks instead:\n"
        "  Environment variable API_TOKEN, in asking\n"
        "  Environment variable UNUSED_TOKEN, in asking\n"
        "  The password of connection warehouse, in asking, quoting\n"
        "  The extra api_key of connection warehouse, in asking, quoting\n"
        "  The password in Variable store, in asking, quoting\n"
        "  Perhaps one: TOKEN, in asking\n"
    ) in result.stderr
    assert not [value for value in ("token", "s3/cret", "k3y", "d33p") if f" {value}" in result.stderr]
    (frozen,) = (bundle / "frozen").glob("*.py")
    text = frozen.read_text()
    assert "PYTHONHASHSEED" not in text and "DAGBAG_IMPORT_TIMEOUT" not in text, "the build's own settings"


def test_passwords_in_addresses_and_in_the_environments_connections_are_secrets(bundle: Path) -> None:
    with (bundle / "shop.py").open("a") as file:
        file.write(
            "import os\n"
            "lake, store = os.environ['AIRFLOW_CONN_LAKE'], os.environ['STORE']\n"
            "with DAG('reading', schedule=None, doc_md=store + ' ftp://me:0f-a-file@ftp.example'):\n"
            "    BashOperator(task_id='a', bash_command=lake.partition('//')[2])\n"
            "    BashOperator(task_id='b', bash_command='load ftp://{{ a }}:{{ b }}@a ftp://a.example/b@c')\n"
        )
    result = freeze(
        bundle,
        AIRFLOW_CONN_LAKE="x://me:p4ss%2Fword@lake.example",
        STORE="y://me:0f-a-store@store.example",
    )
    assert result.returncode == 0, result.stderr
    assert (
        "Read them in tasks instead:\n"
        "  The password of connection lake, in reading\n"
        "  The password in environment variable AIRFLOW_CONN_LAKE, in reading\n"
        "  The password in environment variable STORE, in reading\n"
        "  Perhaps one: the password in an address of ftp.example, in reading\n"
    ) in result.stderr


SETTINGS = """
import os
from dataclasses import dataclass
from airflow.sdk import Variable

STAGE = os.environ.get("STAGE", "dev")

@dataclass
class Team:
    name: str

    def owner(self):
        return f"{self.name}-{STAGE}"

TEAMS = {"core": Team("core")}
"""
BY_TEAM = """
from airflow.sdk import DAG, task
from common.settings import TEAMS

with DAG("by_team", schedule=None):

    @task
    def who(team=TEAMS["core"]):
        return team.owner()

    who()
"""


def test_what_an_imported_module_reads_of_the_environment_is_named_and_of_anything_else_is_refused(
    bundle: Path,
) -> None:
    settings = bundle / "common" / "settings.py"
    settings.parent.mkdir()
    settings.write_text(SETTINGS)
    (bundle / "shop.py").write_text(BY_TEAM)
    result = freeze(bundle, "--bundle", str(bundle))
    assert result.returncode == 0, result.stderr
    assert (
        "Frozen files of shop.py import modules that read the environment, which a build does not decide:\n"
        "  Environment variable STAGE, read at common/settings.py:6\n"
    ) in result.stderr
    settings.write_text(f"{SETTINGS}Variable.get('stage', default=None)\n")
    result = freeze(bundle, "--bundle", str(bundle))
    assert result.returncode == 2
    assert (
        'would still read, at each import: Variable "stage", read at common/settings.py:16.\n'
        "  Move it into a function of that module, so that it is read where a task calls it.\n"
    ) in result.stderr


def test_frozen_files_whose_factory_is_gone_or_that_airflow_does_not_read_are_named(bundle: Path) -> None:
    for name in ("one", "two"):
        (bundle / f"{name}.py").write_text(
            f"from airflow.sdk import DAG\nwith DAG({name!r}, schedule=None): pass\n"
        )
    out = bundle / "frozen"

    def dagfreeze(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "dagfreeze", *arguments, "--out", str(out), "--bundle", str(bundle)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    one, two = str(bundle / "one.py"), str(bundle / "two.py")
    assert dagfreeze(one, two).returncode == 0
    (bundle / "two.py").unlink()
    result = dagfreeze(one)
    assert result.returncode == 0 and (out / "two.py").exists()
    assert f"two.py is not below {bundle} any more, but {out} still has its frozen files." in result.stderr
    assert dagfreeze(one, two).returncode == 0 and not (out / "two.py").exists()
    (bundle / ".airflowignore").write_text("/one.py\n")
    result = dagfreeze(one, "--check")
    assert (result.returncode, result.stderr) == (0, "")
    (bundle / ".airflowignore").write_text("one.py\n")
    result = dagfreeze(one, "--check")
    assert result.returncode == 1
    assert (
        f"Airflow does not read {out / 'one.py'}, because a line of .airflowignore hides it." in result.stderr
    )


PLUGIN = """
from datetime import timedelta
from airflow.plugins_manager import AirflowPlugin
from airflow.timetables.interval import DeltaDataIntervalTimetable

class EveryHours(DeltaDataIntervalTimetable):
    def __init__(self, hours):
        super().__init__(timedelta(hours=hours))
        self.hours = hours

    def serialize(self):
        return {"hours": self.hours}

    @classmethod
    def deserialize(cls, data):
        return cls(data["hours"])

class Hours(AirflowPlugin):
    name = "hours"
    timetables = [EveryHours]
"""


def test_a_timetable_of_a_plugin_is_imported_from_there(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "shop_hours.py").write_text(PLUGIN)
    (bundle / "shop.py").write_text(
        "from airflow.sdk import DAG\nfrom shop_hours import EveryHours\n"
        "with DAG('hourly', schedule=EveryHours(3)): pass\n"
    )
    result = freeze(bundle, AIRFLOW__CORE__PLUGINS_FOLDER=str(tmp_path / "plugins"))
    assert result.returncode == 0, result.stderr
    assert "schedule=EveryHours(3)" in (bundle / "frozen" / "shop.py").read_text()


def test_a_variable_of_a_loop_that_tasks_read_is_named_with_their_dags(bundle: Path) -> None:
    (bundle / "shop.py").write_text(
        "from airflow.sdk import DAG, task\n"
        "LIMIT = 3\n"
        "for name in ('a', 'b'):\n"
        "    double = [2 * LIMIT for LIMIT in (1,)]\n"
        "    with DAG(name, schedule=None):\n"
        "        @task\n        def say(again=name):\n            return name, double, LIMIT\n"
        "        say()\n"
        "with DAG('c', schedule=None):\n"
        "    @task\n    def tell():\n        return LIMIT, [name for name in 'xy']\n"
        "    tell()\n"
    )
    result = freeze(bundle)
    assert result.returncode == 0, result.stderr
    assert (
        "shop.py read a variable set by a loop; all get the value from the last round:\n"
        "  double, in a, b\n  name, in a, b\n"
    ) in result.stderr
    assert "LIMIT" not in result.stderr


def test_two_links_to_one_template_are_two_factories(bundle: Path) -> None:
    (bundle / "shop.py").write_text(
        "from pathlib import Path\nfrom airflow.sdk import DAG\n"
        "dag = DAG(Path(__file__).stem, schedule=None)\n"
    )
    for name in ("team_a.py", "team_b.py"):
        (bundle / name).symlink_to("shop.py")
    command = [
        sys.executable,
        "-m",
        "dagfreeze",
        "team_a.py",
        "team_b.py",
        "--out",
        "frozen",
        "--bundle",
        ".",
    ]
    result = subprocess.run(command, capture_output=True, text=True, cwd=bundle)
    assert result.returncode == 0, result.stderr
    assert {path.name.partition("__")[0][:6] for path in (bundle / "frozen").glob("*.py")} == {
        "team_a",
        "team_b",
    }


def test_a_reader_that_has_read_enough_is_no_error(bundle: Path) -> None:
    command = f"{sys.executable} -m dagfreeze shop.py --out frozen --bundle . --diff | head -n 1"
    result = subprocess.run(command, shell=True, capture_output=True, text=True, cwd=bundle)
    assert result.stdout.startswith("---") and "BrokenPipe" not in result.stderr, result.stderr


@pytest.mark.parametrize("to", [">&-", "> /dev/full"])
def test_output_that_goes_nowhere_is_no_error(bundle: Path, to: str) -> None:
    command = f"{sys.executable} -m dagfreeze shop.py --out frozen --bundle . {to}"
    result = subprocess.run(command, shell=True, capture_output=True, text=True, cwd=bundle)
    assert result.returncode == 0 and "Traceback" not in result.stderr, result.stderr
    assert [*(bundle / "frozen").glob("shop*.py")]


def test_what_is_refused_is_named_with_line_and_remedy_and_nothing_is_written(bundle: Path) -> None:
    with (bundle / "shop.py").open("a") as file:
        file.write(
            "from airflow.providers.standard.operators.python import PythonOperator\n"
            "made = {}\nexec('def work(): pass', made)\n"
            "with DAG('shop_odd', schedule=None):\n"
            "    PythonOperator(task_id='work', python_callable=made['work'])\n"
        )
    result = freeze(bundle)
    assert result.returncode == 2 and not (bundle / "frozen").exists()
    assert (
        "shop.py:15: the DAG shop_odd is refused: task work: argument python_callable: a function has no source"
        in result.stderr
    )
    assert "6 DAGs could be frozen, 1 refused. Nothing was written." in result.stderr
    only = freeze(bundle, "--only", "shop_1", "--only", "shop_2")
    assert only.returncode == 0 and "2 DAGs frozen" in only.stdout


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("raise LookupError('no tables today')", "LookupError: no tables today"),
        ("import os; os._exit(3)", "its process ended with status 3"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "its process was ended by SIGKILL"),
        ("import nowhere_at_all", "--bundle"),
        ("def", "SyntaxError"),
    ],
)
def test_errors_of_the_source_are_said_as_airflow_says_them(bundle: Path, text: str, message: str) -> None:
    (bundle / "shop.py").write_text(f"# dag airflow\n{text}\n")
    result = freeze(bundle)
    assert (
        result.returncode == 2
        and message in result.stderr
        and "shop.py: Airflow cannot import it" in result.stderr
    )
    assert not (bundle / "frozen").exists()


def test_an_error_of_dagfreeze_itself_is_told_as_such_and_the_other_files_go_on(bundle: Path) -> None:
    task = "PythonOperator(task_id='t', python_callable=lambda: __file__)"
    for name, first in (("shop.py", "import ast; ast.walk = None"), ("other.py", "")):
        (bundle / name).write_text(
            f"from airflow.providers.standard.operators.python import PythonOperator\n{first}\n"
            f"from airflow.sdk import DAG\nwith DAG({name!r}, schedule=None):\n    {task}\n"
        )
    result = freeze(bundle, str(bundle / "other.py"))
    assert result.returncode == 2 and not (bundle / "frozen").exists()
    assert "shop.py: dagfreeze itself fails on it. Please report this" in result.stderr
    assert "TypeError: 'NoneType' object is not callable" in result.stderr
    assert "cannot import" not in result.stderr
    assert "other.py:4: the DAG other.py is refused" in result.stderr


@pytest.mark.parametrize("reaction", ["signal.SIG_IGN", "lambda *_: os.wait()"])
def test_a_factory_may_watch_over_its_children(bundle: Path, reaction: str) -> None:
    with (bundle / "shop.py").open("a") as file:
        file.write(f"import os, signal\nsignal.signal(signal.SIGCHLD, {reaction})\n")
    result = freeze(bundle)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.py"], "no such file or folder"),
        (["tables.json"], "not a Python file"),
        (["shop.py", "--bundle", "nowhere"], "is not in the bundle"),
        (["shop.py", "--max-removed", "-1"], "found -1, need a whole number of at least 0"),
        (["none.py"], "no DAG is built there"),
        (["shop.py", "--dags-per-file", "three"], "found three, need a whole number of at least 1"),
    ],
)
def test_bad_input_is_one_sentence(bundle: Path, arguments: list[str], message: str) -> None:
    (bundle / "none.py").write_text("# dag airflow\n")
    result = subprocess.run(
        [sys.executable, "-P", "-m", "dagfreeze", *arguments, "--out", "frozen"],
        capture_output=True,
        text=True,
        cwd=bundle,
    )
    assert result.returncode == 2 and message in result.stderr and "Traceback" not in result.stderr
    assert not (bundle / "frozen").exists()


def test_ctrl_c_leaves_nothing_running_and_nothing_written(bundle: Path) -> None:
    (bundle / "shop.py").write_text(
        "# dag airflow\nimport pathlib, time\n"
        "pathlib.Path(__file__).with_name('begun').touch()\ntime.sleep(10_000)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "dagfreeze", "shop.py", "--out", "frozen"],
        cwd=bundle,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not (bundle / "begun").exists():
        assert process.poll() is None
        time.sleep(0.05)
    family = psutil.Process(process.pid).children(recursive=True)
    assert family
    process.send_signal(signal.SIGINT)
    _, output = process.communicate()
    assert process.returncode == 130 and "Stopped." in output and "Traceback" not in output
    _, alive = psutil.wait_procs(family, timeout=60)
    assert not alive and not (bundle / "frozen").exists()


def test_a_killed_command_leaves_nothing_running(bundle: Path) -> None:
    (bundle / "shop.py").write_text(
        "# dag airflow\nimport pathlib, time\n"
        "pathlib.Path(__file__).with_name('begun').touch()\ntime.sleep(10_000)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "dagfreeze", "shop.py", "--out", "frozen"],
        cwd=bundle,
        stderr=subprocess.DEVNULL,
    )
    while not (bundle / "begun").exists():
        assert process.poll() is None
        time.sleep(0.05)
    family = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.wait()
    _, alive = psutil.wait_procs(family, timeout=60)
    assert not alive


def test_the_static_files_of_the_workbook_are_what_its_factory_makes() -> None:
    dags = Path(__file__).parents[2] / "dags"
    command = [sys.executable, "-P", "-m", "dagfreeze", str(dags / "dynamic" / "from_json.py"), "--check"]
    command += ["--bundle", str(dags), "--out", str(dags / "static")]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


def test_errors_that_a_loader_only_logs_are_said(bundle: Path) -> None:
    with (bundle / "shop.py").open("a") as file:
        file.write("import logging\nlogging.getLogger('loader').error('tables_2.json is left out')\n")
    result = freeze(bundle)
    assert result.returncode == 1
    assert (
        "logged errors while it was imported" in result.stderr
        and "tables_2.json is left out" in result.stderr
    )
