"""Tests what the import of a DAG file is seen to read, one small file for each way to read.

The files are imported as Airflow's DAG processor does it: in forks of a process that has Airflow, one for each.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZipFile

import pytest

from dagfreeze.watching.outside import harmless
from dagfreeze.watching.places import Places
from dagfreeze.watching.reads import SENTENCES, Read, sentence, watch

ROOT = Path(__file__).parents[2]
DAGS = ROOT / "dags"


class Case(NamedTuple):
    """A DAG file and what it reads: kind, what and line, and how often if not once."""

    code: str
    expected: list[tuple[Any, ...]]


CASES = {
    "a Variable": Case(
        'from airflow.sdk import Variable\nVariable.get("region")\nfor _ in range(3):\n    Variable.get("region")',
        [("variable", "region", 2), ("variable", "region", 4, 3)],
    ),
    "the DAG that is wanted": Case(
        "from airflow.sdk import get_parsing_context\nget_parsing_context().dag_id",
        [("wanted", "_AIRFLOW_PARSING_CONTEXT_DAG_ID", 2)],
    ),
    "a Variable with a default": Case(
        'from airflow.sdk import Variable\nassert Variable.get("not_there", default=5) == 5',
        [("variable", "not_there", 2)],
    ),
    "a Variable that is missing": Case(
        """
        from airflow.sdk import Variable
        try:
            Variable.get("not_there")
        except Exception as error:
            assert type(error).__name__ == "AirflowRuntimeError", error
        """,
        [("variable", "not_there", 3)],
    ),
    "a Variable by the old class": Case(
        'from airflow.models import Variable\nassert Variable.get("region") == "emea"',
        [("variable", "region", 2)],
    ),
    "a Variable by the old class, with a default": Case(
        'from airflow.models import Variable\nassert Variable.get("not_there", default_var="x") == "x"',
        [("variable", "not_there", 2)],
    ),
    "a connection by a hook": Case(
        'from airflow.sdk import BaseHook\nassert BaseHook.get_connection("warehouse").password == "s3cret"',
        [("connection", "warehouse", 2)],
    ),
    "a connection": Case(
        'from airflow.sdk import Connection\nassert Connection.get("warehouse").host == "db.example"',
        [("connection", "warehouse", 2)],
    ),
    "a connection by the old class": Case(
        """
        from airflow.models import Connection
        assert Connection.get_connection_from_secrets("warehouse").port == 5432
        """,
        [("connection", "warehouse", 2)],
    ),
    "the environment": Case(
        """
        import os
        assert os.environ["SHAPE"] == "round"
        assert os.environ.get("SHAPE") == "round"
        assert os.getenv("SHAPE") == "round"
        assert os.getenv("NOT_THERE", "x") == "x"
        assert "SHAPE" in os.environ
        assert os.environb[b"SHAPE"] == b"round"
        os.environ.setdefault("SHAPE", "flat")
        """,
        [
            *(("environment", "SHAPE", line) for line in (2, 3, 4)),
            ("environment", "NOT_THERE", 5),
            ("environment", "SHAPE", 6),
            ("environment", "SHAPE", 7),
            ("environment", "SHAPE", 8, 2),
        ],
    ),
    "the whole environment": Case(
        'import os\nassert dict(os.environ)["SHAPE"] == "round"\n{**os.environ}\n[*os.environ]\nos.environ.copy()',
        [("environment", "*", line) for line in (2, 3, 4, 5)],
    ),
    "the environment in a path": Case(
        'import os\nassert os.path.expandvars("$SHAPE/x") == "round/x"\nos.path.expanduser("~/x")',
        [("environment", "SHAPE", 2), ("environment", "HOME", 3, 2)],
    ),
    "an environment variable that is missing": Case(
        """
        import os
        try:
            os.environ["NOT_THERE"]
        except KeyError as error:
            assert error.args == ("NOT_THERE",)
        """,
        [("environment", "NOT_THERE", 3)],
    ),
    "a file": Case(
        """
        import io, json, os
        from pathlib import Path
        DATA = Path(__file__).parent / "data"
        assert json.load(open(DATA / "a.json")) == {"a": 1}
        with open(os.path.join(os.path.dirname(__file__), "data", "a.json"), "rb") as file:
            file.read()
        (DATA / "a.json").read_text()
        (DATA / "a.json").read_bytes()
        io.open(str(DATA / "a.json")).close()
        os.close(os.open(DATA / "a.json", os.O_RDONLY))
        """,
        [("file", "data/a.json", line) for line in (4, 5, 7, 8, 9, 10)],
    ),
    "a file that is elsewhere": Case('open("/etc/hostname").close()', [("file", "/etc/hostname", 1)]),
    "a file by its path from the current folder": Case(
        'import os\nos.chdir(os.path.dirname(__file__))\nopen("data/../data/a.json").close()',
        [("file", "data/a.json", 3)],
    ),
    "a file through a library": Case(
        'import yaml, os\nimport pandas\npandas.read_csv(os.path.dirname(__file__) + "/data/a.csv")',
        [("file", "data/a.csv", 3)],
    ),
    "a file that is only written": Case(
        """
        import os, tempfile
        open(os.devnull).close()
        with tempfile.TemporaryDirectory() as folder:
            open(folder + "/x", "w").close()
            open(folder + "/x", "a").close()
            os.close(os.open(folder + "/x", os.O_WRONLY))
            with tempfile.NamedTemporaryFile(dir=folder):
                pass
        """,
        [],
    ),
    "whether a file is there": Case(
        """
        import os
        from pathlib import Path
        FILE = Path(__file__).parent / "data" / "a.json"
        assert os.path.exists(FILE)
        assert os.path.isfile(str(FILE))
        assert not os.path.isdir(FILE)
        assert FILE.exists()
        assert FILE.is_file()
        assert not FILE.with_name("b.json").exists()
        FILE.stat().st_mtime
        os.path.getmtime(FILE)
        """,
        [
            *(("path", "data/a.json", line) for line in (4, 5, 6, 7, 8)),
            ("path", "data/b.json", 9),
            ("path", "data/a.json", 10),
            ("path", "data/a.json", 11),
        ],
    ),
    "the status of a file": Case(
        "import os\nos.stat(__file__)\nos.access(__file__, os.R_OK)",
        [("status", "os.stat", 2), ("status", "os.access", 3)],
    ),
    "a folder": Case(
        """
        import glob, os
        from pathlib import Path
        DATA = Path(__file__).parent / "data"
        assert sorted(os.listdir(DATA)) == ["a.csv", "a.json"]
        list(os.scandir(DATA))
        list(DATA.iterdir())
        assert [path.name for path in DATA.glob("*.json")] == ["a.json"]
        glob.glob(str(DATA / "*.csv"))
        list(os.walk(DATA))
        """,
        [("folder", "data", line) for line in (4, 5, 6, 7, 8, 9)],
    ),
    "a database": Case(
        """
        import sqlite3, os
        FILE = os.path.dirname(__file__) + "/x.db"
        sqlite3.connect(":memory:")
        sqlite3.connect(FILE)
        sqlite3.connect(f"file:{FILE}?mode=rwc", uri=True)
        """,
        [("file", "x.db", 4), ("file", "x.db", 5)],
    ),
    "an address that is none": Case(
        """
        import socket
        try:
            socket.create_connection(("me:s3cret@localhost", 1))
        except OSError:
            pass
        """,
        [("address", "localhost:1", 3)],
    ),
    "an address": Case(
        """
        import http.client, socket, urllib.request
        assert urllib.request.urlopen("http://localhost:{port}/").read() == b"answer"
        connection = http.client.HTTPConnection("localhost", {port})
        connection.request("GET", "/")
        socket.create_connection(("127.0.0.1", {port})).close()
        plain = socket.socket()
        plain.connect(("127.0.0.1", {port}))
        """,
        [
            ("address", "localhost:{port}", 2),
            ("address", "localhost:{port}", 4),
            ("address", "127.0.0.1:{port}", 5),
            ("address", "127.0.0.1:{port}", 7),
        ],
    ),
    "an address with a password": Case(
        'import httpx\nassert httpx.get("http://me:s3cret@localhost:{port}/?token=s3cret").text == "answer"',
        [("address", "localhost:{port}", 2)],
    ),
    "an address through requests": Case(
        'import requests\nassert requests.get("http://me:s3cret@localhost:{port}/").text == "answer"',
        [("address", "localhost:{port}", 2)],
    ),
    "a name of a host": Case(
        'import socket\nsocket.gethostbyname("localhost")', [("address", "localhost", 2)]
    ),
    "a program": Case(
        """
        import os, subprocess
        assert subprocess.run(["true", "--password=s3cret"]).returncode == 0
        subprocess.check_output("TOKEN=s3cret true s3cret", shell=True)
        os.popen("echo s3cret").read()
        os.system("true s3cret")
        os.system("$(true) s3cret")
        """,
        [
            *(("program", "true", line) for line in (2, 3)),
            ("program", "echo", 4),
            ("program", "true", 5),
            ("program", "sh", 6),
        ],
    ),
    "a copy of the process": Case(
        """
        import multiprocessing
        worker = multiprocessing.get_context("fork").Process(target=print)
        worker.start()
        worker.join()
        """,
        [("program", "a copy of this process", 3)],
    ),
    "the time": Case(
        """
        import time
        from datetime import UTC, date, datetime
        assert type(datetime.now()) is datetime
        assert datetime.now(UTC).tzinfo is UTC
        datetime.utcnow()
        datetime.today()
        assert type(date.today()) is date
        time.time()
        for _ in range(3): time.strftime("%Y")
        """,
        [
            *(("time", "datetime.now", line) for line in (3, 4)),
            ("time", "datetime.utcnow", 5),
            ("time", "datetime.today", 6),
            ("time", "datetime.today", 7),
            ("time", "time.time", 8),
            ("time", "time.strftime", 9, 3),
        ],
    ),
    "the time by other names": Case(
        """
        import datetime as dt
        from time import time as moment
        moment()
        dt.datetime.now()
        sorted([1], key=lambda _: dt.datetime.now().hour)
        """,
        [("time", "time.time", 3), ("time", "datetime.now", 4), ("time", "datetime.now", 5)],
    ),
    "the time by pendulum and Airflow": Case(
        """
        import pendulum
        from airflow.sdk import timezone
        pendulum.now()
        pendulum.now("UTC")
        pendulum.today("UTC")
        pendulum.DateTime.now()
        timezone.utcnow()
        """,
        [
            *(("time", "pendulum.now", line) for line in (3, 4)),
            ("time", "pendulum.today", 5),
            ("time", "datetime.now", 6),
            ("time", "timezone.utcnow", 7),
        ],
    ),
    "times that are no reads": Case(
        """
        import time
        from datetime import datetime, timedelta
        import pendulum
        datetime(2026, 1, 1) + timedelta(days=1)
        datetime(2026, 1, 1).strftime("%Y")
        datetime.fromisoformat("2026-01-01")
        pendulum.datetime(2026, 1, 1, tz="Europe/Berlin")
        time.sleep(0)
        def later(): return datetime.now()
        """,
        [],
    ),
    "what programs and folders the machine has": Case(
        """
        import locale, shutil, tempfile, time
        shutil.which("bash")
        tempfile.gettempdir()
        locale.getlocale()
        time.perf_counter()
        """,
        [
            ("machine", "shutil.which", 2),
            ("machine", "tempfile.gettempdir", 3),
            ("machine", "locale.getlocale", 4),
            ("time", "time.perf_counter", 5),
        ],
    ),
    "random values": Case(
        """
        import os, random, secrets, uuid
        from random import choice
        random.random()
        choice([1, 2])
        random.randint(1, 2)
        uuid.uuid4()
        uuid.uuid1()
        secrets.token_hex()
        os.urandom(4)
        random.SystemRandom().choice([1])
        """,
        [
            ("random", "random.random", 3),
            ("random", "random.choice", 4),
            ("random", "random.randint", 5),
            ("random", "uuid.uuid4", 6),
            ("random", "uuid.uuid1", 7),
            ("random", "secrets.token_hex", 8),
            ("random", "os.urandom", 9),
            ("random", "random.choice", 10),
        ],
    ),
    "random values of a seed, and no random ones": Case(
        """
        import random, uuid
        generator = random.Random("seed")
        generator.choice([1, 2])
        generator.random()
        uuid.uuid5(uuid.NAMESPACE_DNS, "x")
        """,
        [],
    ),
    "the machine": Case(
        """
        import getpass, os, platform, socket
        from pathlib import Path
        socket.gethostname()
        getpass.getuser()
        os.getcwd()
        Path.cwd()
        platform.node()
        os.uname()
        """,
        [
            ("machine", "socket.gethostname", 3),
            ("machine", "getpass.getuser", 4),
            ("machine", "os.getcwd", 5),
            ("machine", "os.getcwd", 6),
            ("machine", "platform.node", 7),
            ("machine", "os.uname", 8),
        ],
    ),
    "paths that are only computed": Case(
        """
        import os
        from pathlib import Path
        Path(__file__).resolve().parent / "data"
        Path(__file__).absolute()
        os.path.abspath(__file__) + os.path.realpath(__file__)
        """,
        [],
    ),
    "a text that is executed": Case(
        """
        import os
        exec("SHAPE = os.environ['SHAPE']")
        exec("open(file).close()", {"file": __file__})
        """,
        [("environment", "SHAPE", 2), ("file", "x.py", 3)],
    ),
    "a clock that is read where nothing says so": Case(
        """
        from datetime import datetime
        class Clock:
            def __call__(self): return datetime.now()
        for read in (Clock(), datetime.now, str, datetime.now):
            read()
        """,
        [("time", "datetime.now", 3), ("time", "datetime.now", 5, 2)],
    ),
    "nothing, without the cost of looking at calls": Case(
        "import sys\nassert sys.getprofile() is None\nopen(__file__).close()", [("file", "x.py", 3)]
    ),
    "Airflow's plugins": Case(
        "from airflow.plugins_manager import get_timetables_plugins\nget_timetables_plugins()", []
    ),
    "what is missing, without a trace of the looking in its error": Case(
        """
        import os, traceback
        from pathlib import Path
        from airflow.sdk import Connection, Variable
        for read in (
            lambda: os.environ["NOT_THERE"],
            lambda: Variable.get("not_there"),
            lambda: Connection.get("not_there"),
            lambda: Path(__file__).with_name("not_there").stat(),
            lambda: os.path.getmtime("/not_there"),
        ):
            try:
                read()
            except Exception as error:
                frames = traceback.extract_tb(error.__traceback__)
                assert not any("dagfreeze" in frame.filename for frame in frames), frames
        """,
        [
            ("environment", "NOT_THERE", 5),
            ("variable", "not_there", 6),
            ("connection", "not_there", 7),
            ("path", "not_there", 8),
            ("path", "/not_there", 9),
        ],
    ),
    "what a library does for its own ends": Case(
        "import asking\nasking.ask(__file__)\nasking.ask(asking.__file__)", [("file", "x.py", 2)]
    ),
    "a source file that Python quotes": Case(
        """
        import inspect, linecache, traceback
        def function(): pass
        inspect.getsource(function)
        try:
            raise ValueError
        except ValueError:
            traceback.format_exc()
        """,
        [],
    ),
    "libraries": Case(
        """
        import pandas
        import requests
        import httpx
        import yaml
        import sqlalchemy.dialects.postgresql
        import pydantic.v1
        from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
        from airflow.providers.smtp.operators.smtp import EmailOperator
        from airflow.providers.standard.operators.bash import BashOperator
        from airflow.providers.standard.sensors.filesystem import FileSensor
        import importlib
        importlib.import_module("concurrent.futures.process")
        def inner():
            import multiprocessing.pool
        inner()
        """,
        [],
    ),
    "a DAG": Case(
        """
        import pendulum
        from airflow.sdk import DAG, Asset, Param, task
        from airflow.providers.standard.operators.bash import BashOperator
        with DAG("x", start_date=pendulum.datetime(2026, 1, 1, tz="Europe/Berlin"), schedule="@daily",
                 params={"a": Param(1, type="integer")}) as dag:
            @task
            def extract(): return 1
            extract() >> BashOperator(task_id="b", bash_command="date", outlets=Asset("s3://me:s3cret@x/y"))
        """,
        [],
    ),
    "what the file gets is what it gets without": Case(
        """
        import datetime, genericpath, os, pathlib, posix, random, time, types, uuid
        from airflow.sdk import BaseHook, Variable
        assert os.stat is posix.stat and os.getcwd is posix.getcwd
        builtin = types.BuiltinFunctionType
        assert {type(time.time), type(datetime.datetime.now), type(random.random)} == {builtin}
        for function in (os.getenv, os.path.exists, os.environ.get, uuid.uuid4, random.choice, pathlib.Path.stat,
                         pathlib.Path.exists, Variable.get, BaseHook.get_connection):
            assert "dagfreeze" not in function.__code__.co_filename, function
            assert not hasattr(function, "__wrapped__"), function
        assert type(os.environ["SHAPE"]) is str
        assert isinstance(os.stat(__file__), os.stat_result)
        """,
        [("environment", "SHAPE", 10), ("status", "os.stat", 11)],
    ),
}


HELPED: dict[str, tuple[dict[str, str], list[Any]]] = {
    "a helper of the bundle": (
        {
            "helpers/__init__.py": "",
            "helpers/tables.py": """
                import os
                from datetime import datetime
                from pathlib import Path
                import yaml
                TABLES = yaml.safe_load((Path(__file__).parents[1] / "data" / "a.json").open())
                def region(): return os.environ["SHAPE"], datetime.now()
                """,
            "x.py": """
                from helpers.tables import TABLES, region
                region()
                for _ in range(2):
                    region()
                """,
        },
        [
            ("file", "data/a.json", "helpers/tables.py:5", "x.py:1", 1),
            ("environment", "SHAPE", "helpers/tables.py:6", "x.py:2", 1),
            ("time", "datetime.now", "helpers/tables.py:6", "x.py:2", 1),
            ("environment", "SHAPE", "helpers/tables.py:6", "x.py:4", 2),
            ("time", "datetime.now", "helpers/tables.py:6", "x.py:4", 2),
        ],
    ),
    "a function under another name": (
        {
            "fresh.py": "from uuid import uuid4 as fresh",
            "x.py": "from fresh import fresh\nfresh()",
        },
        [("random", "uuid.uuid4", "x.py:2", "", 1)],
    ),
    "a file of a package of the bundle": (
        {
            "tables/__init__.py": "",
            "tables/names.txt": "a",
            "x.py": """
                import importlib.resources
                assert importlib.resources.read_text("tables", "names.txt") == "a"
                """,
        },
        [("file", "tables/names.txt", "x.py:2", "", 1)],
    ),
    "a profiler of the reader's own": (
        {
            "clock.py": """
                import time
                def later(): return time.time()
                """,
            "x.py": """
                import sys
                def own(*_): pass
                sys.setprofile(own)
                import clock
                assert sys.getprofile() is own
                sys.setprofile(None)
                """,
        },
        [],
    ),
    "threads": (
        {
            "fetching.py": """
                from concurrent.futures import ThreadPoolExecutor
                from threading import Thread
                from urllib.request import urlopen
                ADDRESS = "http://localhost:{port}/"
                def fetch(address): return urlopen(address).read()
                def fetch_all(number):
                    with ThreadPoolExecutor(2) as pool:
                        return list(pool.map(urlopen, [ADDRESS] * number))
                """,
            "x.py": """
                from fetching import *
                thread = Thread(target=fetch, args=(ADDRESS,))
                thread.start(); thread.join()
                thread = Thread(target=urlopen, args=(ADDRESS,))
                thread.start(); thread.join()
                fetch_all(5)
                """,
        },
        [
            ("address", "localhost:{port}", "fetching.py:5", "x.py:3", 1),
            ("address", "localhost:{port}", "fetching.py:8", "x.py:6", 5),
            ("address", "localhost:{port}", "x.py:5", "", 1),
        ],
    ),
    "threads of threads, and what they ask of the clock": (
        {
            "x.py": """
                import time
                from threading import Thread
                def outer():
                    inner = Thread(target=open, args=(__file__,))
                    inner.start(); inner.join()
                    time.time()
                thread = Thread(target=outer)
                thread.start(); thread.join()
                """,
        },
        [("file", "x.py", "x.py:5", "", 1), ("time", "time.time", "x.py:6", "", 1)],
    ),
    "asyncio": (
        {
            "x.py": """
                import asyncio
                async def ask():
                    reader, writer = await asyncio.open_connection("localhost", {port})
                    writer.close()
                    await writer.wait_closed()
                asyncio.run(ask())
                """,
        },
        [("address", "localhost:{port}", "x.py:3", "", 1)],
    ),
}
"""Bundles of several files, or threads: the files, and all of what x.py reads."""


LIBRARY = """
import os, random, socket, time
socket.gethostname()
open(os.path.dirname(__file__) + "/../outside/x.py").close()
def ask(path):
    time.time(), random.random(), socket.gethostname(), os.getcwd(), os.path.exists(path), os.environ["SHAPE"]
    open(path).close()
"""
"""A library, named asking, that is installed."""


class Answer(BaseHTTPRequestHandler):
    """Answers every request with a word."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "6")
        self.end_headers()
        self.wfile.write(b"answer")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def port() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield str(server.server_port)
        server.shutdown()


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory, port: str) -> dict[str, list[Read]]:
    """The reads of every file, by the name of its case."""
    folder = tmp_path_factory.mktemp("reads")
    bundles = {name: {"x.py": case.code} for name, case in CASES.items()}
    bundles |= {name: files for name, (files, _) in HELPED.items()}
    looks = {}
    for number, (name, files) in enumerate(bundles.items()):
        bundle = folder / str(number)
        for path, text in {**files, "data/a.json": '{"a": 1}', "data/a.csv": "a\n1\n"}.items():
            (bundle / path).parent.mkdir(parents=True, exist_ok=True)
            (bundle / path).write_text(textwrap.dedent(text).lstrip().replace("{port}", port))
        looks[name] = (str(bundle / "x.py"), str(bundle))
    archive = folder / "archive" / "dags.zip"
    archive.parent.mkdir()
    with ZipFile(archive, "w") as zipped:
        zipped.writestr("packed.py", "import os, shapes\nos.environ['SHAPE']\nshapes.shape()")
    archive.with_name("shapes.py").write_text("import os\ndef shape(): return os.environ['SHAPE']")
    looks["archive"] = (str(archive), str(archive.parent))
    outside = folder / "outside" / "x.py"
    outside.parent.mkdir()
    outside.write_text("import os\nos.environ['SHAPE']")
    looks["outside"] = (str(outside), str(archive.parent))
    (folder / "plugins").mkdir()
    (folder / "site-packages").mkdir()
    (folder / "site-packages" / "asking.py").write_text(LIBRARY)
    for file in ("static/dags_00.py", "dynamic/from_json.py", "first/one_of_each.py"):
        looks[file] = (str(DAGS / file), str(DAGS))
    return watched(folder, looks)


def watched(folder: Path, looks: dict[str, tuple[str, str]]) -> dict[str, list[Read]]:
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    (folder / "looks.json").write_text(json.dumps(looks))
    subprocess.run(
        [sys.executable, "-P", __file__, str(folder / "looks.json")],
        env={
            **environment,
            "PYTHONPATH": os.pathsep.join([str(DAGS), str(folder / "site-packages")]),
            "AIRFLOW_HOME": str(folder),
            "AIRFLOW_VAR_REGION": "emea",
            "AIRFLOW_CONN_WAREHOUSE": "postgres://me:s3cret@db.example:5432/x",
            "SHAPE": "round",
        },
        check=True,
    )
    results = json.loads((folder / "results.json").read_text())
    assert not {name: errors for name, (errors, _) in results.items() if errors}
    return {name: [Read(*read) for read in reads] for name, (_, reads) in results.items()}


@pytest.mark.parametrize("name", CASES)
def test_each_way_to_read_is_noted_with_its_line(
    name: str, results: dict[str, list[Read]], port: str
) -> None:
    expected = [
        Read(kind, what.replace("{port}", port), f"x.py:{line}", "", *(times or [1]))
        for kind, what, line, *times in CASES[name].expected
    ]
    assert results[name] == expected


@pytest.mark.parametrize("name", HELPED)
def test_a_read_elsewhere_is_noted_with_the_line_that_led_there(
    name: str, results: dict[str, list[Read]], port: str
) -> None:
    expected = [Read(kind, what.replace("{port}", port), *rest) for kind, what, *rest in HELPED[name][1]]
    assert sorted(results[name]) == sorted(expected)


@pytest.mark.parametrize("file", ["static/dags_00.py", "first/one_of_each.py"])
def test_a_static_file_reads_nothing(file: str, results: dict[str, list[Read]]) -> None:
    assert results[file] == []


def test_a_factory_beside_dagfreeze_reads_its_catalog_by_its_own_lines(
    results: dict[str, list[Read]],
) -> None:
    reads = results["dynamic/from_json.py"]
    assert {read.what for read in reads if read.kind == "file"} == {
        str(path.relative_to(DAGS)) for path in (DAGS / "catalog").iterdir()
    }
    assert {read.place.partition(":")[0] for read in reads} == {"pipelines/config.py"}
    assert len({read.through for read in reads}) == 1
    assert reads[0].through.startswith("dynamic/from_json.py:")


def test_an_archive_is_a_dag_file(results: dict[str, list[Read]]) -> None:
    assert results["archive"] == [
        Read("environment", "SHAPE", "dags.zip/packed.py:2", "", 1),
        Read("environment", "SHAPE", "shapes.py:2", "dags.zip/packed.py:3", 1),
    ]


def test_a_dag_file_outside_of_the_bundle_counts(results: dict[str, list[Read]]) -> None:
    (read,) = results["outside"]
    assert read.place.endswith("/outside/x.py:2")


def test_no_value_is_told(results: dict[str, list[Read]]) -> None:
    report = json.dumps(list(results.values()))
    assert [secret for secret in ("s3cret", "TOKEN", "me:", "emea", "db.example") if secret in report] == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("postgres://me:s3cret@db.example/x", "postgres://db.example/x"),
        ("s3://me@bucket/x//y@z", "s3://bucket/x//z"),
        ("mail@example", "mail@example"),
        ("two\nlines \udcff \u202e", r"two\nlines \udcff \u202e"),
    ],
)
def test_a_name_is_told_in_a_line_without_credentials(name: str, expected: str) -> None:
    assert harmless(name) == expected


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (Read("variable", "region", "x.py:12", "", 3), 'Variable "region", read at x.py:12 (3 times)'),
        (Read("file", "{}", "helper.py:1", "x.py:2", 1), "File {}, read at helper.py:1, called at x.py:2"),
        (Read("environment", "*", "x.py:1", "", 1), "All environment variables, read at x.py:1"),
    ],
)
def test_a_read_is_said_in_a_sentence(read: Read, expected: str) -> None:
    assert sentence(read) == expected


def test_every_kind_has_a_sentence(results: dict[str, list[Read]]) -> None:
    assert {read.kind for reads in results.values() for read in reads} == set(SENTENCES)


def test_whose_a_file_is_says_the_innermost_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = tmp_path / "venv" / "site-packages"
    monkeypatch.setattr(sys, "path", [str(library)])
    outer, inner = Places(tmp_path / "x.py", tmp_path), Places(library / "dags" / "x.py", library / "dags")

    assert outer.data(f"{tmp_path}/a.json") == "a.json"
    assert outer.data(f"{library}/pandas/__init__.py") is None
    assert inner.data(f"{library}/pandas/__init__.py") is None
    assert inner.data(f"{library}/dags/../dags/a.json") == "a.json"
    assert inner.data(f"{tmp_path}/a.json") == f"{tmp_path}/a.json"
    assert inner.data(f"{library}/dagsandmore/a.json") is None
    assert outer.data(f"{tmp_path}/__pycache__/x.pyc") is None
    assert outer.data(os.__file__) is None
    assert Places(DAGS / "x.py", DAGS).code(str(DAGS / "dagfreeze" / "notes.py")) is None


def main(looks: Path) -> None:
    """In a process of its own: import Airflow, then each file in a fork."""
    import airflow.sdk  # noqa: F401
    from airflow.dag_processing.dagbag import DagBag

    results = {}
    for name, (file, bundle) in json.loads(looks.read_text()).items():
        result = looks.with_name("result.json")
        result.unlink(missing_ok=True)
        if child := os.fork():
            os.waitpid(child, 0)
            results[name] = json.loads(result.read_text())
            continue
        sys.path.append(bundle)
        before = stood_in_for()
        with watch(Path(file), Path(bundle)) as reads:
            bag = DagBag(file, safe_mode=False)
        first_reads = reads()
        for module in [module for path, module in sys.modules.items() if path.startswith("unusual_prefix_")]:
            late = "import os\nos.environ['HOME']\nopen(__file__).close()"
            exec(compile(late, str(module.__file__), "exec"), vars(module))
        assert reads() == first_reads and stood_in_for() == before and sys.getprofile() is None
        result.write_text(json.dumps([bag.import_errors, first_reads]))
        os._exit(0)
    looks.with_name("results.json").write_text(json.dumps(results))


def stood_in_for() -> list[object]:
    """What the stand-ins are put in place of, as it is now."""
    import genericpath
    import posixpath

    from airflow.models.variable import Variable
    from airflow.sdk.execution_time import context

    kinds = [genericpath, posixpath, sys.modules[Path.stat.__module__], type(os.environ), context, Variable]
    values = [value for kind in kinds for name, value in vars(kind).items() if name == "os" or "get" in name]
    return [*map(id, values), threading.Thread.start.__globals__.get("_start_new_thread")]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
