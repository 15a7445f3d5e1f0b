"""The generator: only what changed, stale files gone, files of others untouched, bad input refused as a whole."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import DAG
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from pipelines import gather, memory
from pipelines.blueprint import build
from pipelines.config import ConfigError
from pipelines.generate import Options, generate, main, schema
from pipelines.plan import plan
from workbook.catalog import configurations, write_catalog
from workbook.workspace import DAGS

Serialized = Callable[[DAG], dict[str, Any]]
Bag = Callable[[Path], DagBag]


def tree(folder: Path) -> dict[str, bytes]:
    """The files of a folder."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def edit(path: Path, **changes: object) -> None:
    """Change some fields of a configuration file."""
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


@pytest.fixture
def options(tmp_path: Path) -> Options:
    """A catalog of 30 pipelines, and a folder that is not there yet; 5 DAGs per file."""
    assert tmp_path.is_dir()
    write_catalog(tmp_path / "catalog", configurations(30))
    memory.wait_a_tick()  # or the generator looks at everything again
    return Options(tmp_path / "dags", tmp_path / "catalog", dags_per_file=5)


def test_generated_dags_serialize_equal_to_the_blueprints(
    options: Options, bag: Bag, serialized: Serialized
) -> None:
    generate(options)
    found = {dag_id: serialized(dag) for dag_id, dag in bag(options.out).dags.items()}
    assert found == {config.id: serialized(build(config)) for config in configurations(30)}


def test_the_committed_sample_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--catalog", str(DAGS / "catalog"), "--out", str(DAGS / "static"), "--dags-per-file", "10"]
    assert main([*arguments, "--check"]) == 0, capsys.readouterr().err


def test_one_edited_configuration_writes_one_file_and_keeps_the_times_of_the_others(options: Options) -> None:
    generate(options)
    before = {path.name: path.stat().st_mtime_ns for path in options.out.iterdir()}
    assert options.catalog
    edit(options.catalog / f"{configurations(30)[3].id}.json", steps=9)
    assert len(generate(options).write) == 1
    after = {path.name: path.stat().st_mtime_ns for path in options.out.iterdir()}
    assert sum(before[name] != after[name] for name in before) == 1
    assert not generate(options)


def test_removed_configurations_remove_their_dags(options: Options) -> None:
    generate(options)
    assert options.catalog
    for config in configurations(30)[:20]:
        (options.catalog / f"{config.id}.json").unlink()
    assert generate(options).remove
    fresh = Options(options.out.with_name("fresh"), options.catalog, dags_per_file=5)
    generate(fresh)
    assert tree(options.out) == tree(fresh.out)


def test_bytes_are_the_same_on_any_machine_in_any_order(options: Options, tmp_path: Path) -> None:
    generate(options)
    elsewhere = tmp_path / "another" / "place"
    for config in reversed(configurations(30)):
        write_catalog(elsewhere / "catalog", [config])
    code = """
import sys
from pipelines.generate import main
sys.exit(main(["--catalog", "catalog", "--out", "dags", "--dags-per-file", "5"]))
"""
    environment = {"PYTHONHASHSEED": "7", "PYTHONPATH": str(DAGS), "LANG": "C", "TZ": "Asia/Tokyo"}
    subprocess.run([sys.executable, "-c", code], cwd=elsewhere, env=environment, check=True)
    assert tree(options.out) == tree(elsewhere / "dags")


def test_files_of_others_are_never_touched(options: Options) -> None:
    options.out.mkdir()
    mine = {
        "own.py": b"print('mine')",
        "notes.md": b"#",
        "sub/dags_0.py": b"x",
        "__pycache__/own.cpython-311.pyc": b"\0",
    }
    for name, content in mine.items():
        (options.out / name).parent.mkdir(exist_ok=True)
        (options.out / name).write_bytes(content)
    (options.out / "link.py").symlink_to("own.py")
    generate(options)
    one = next(options.out.glob("dags_*.py"))
    copy = options.out / "copy_of_a_generated_file.py"  # somebody's from now on: its first line names another
    shutil.copyfile(one, copy)
    stamps = {name: (options.out / name).stat() for name in [*mine, copy.name]}
    assert options.catalog
    for path in sorted(options.catalog.iterdir())[:25]:
        path.unlink()
    assert len(generate(options).remove) > 1
    for name, status in stamps.items():
        now = (options.out / name).stat()
        assert (now.st_ino, now.st_mtime_ns, now.st_mode) == (
            status.st_ino,
            status.st_mtime_ns,
            status.st_mode,
        )
    assert {name: content for name, content in tree(options.out).items() if name in mine} == mine
    assert (options.out / "link.py").readlink() == Path("own.py")


def test_a_file_of_somebody_else_in_the_way_is_named_and_kept(options: Options) -> None:
    generate(options)
    name = next(options.out.glob("dags_*.py")).name
    (options.out / name).write_text("print('mine')")
    with pytest.raises(ConfigError, match=f"{name}: 1 problem\n  was not made by the generator"):
        generate(options)
    assert (options.out / name).read_text() == "print('mine')"


def test_a_generated_file_that_was_edited_or_removed_by_hand_is_restored(options: Options) -> None:
    generate(options)
    good = tree(options.out)
    first, second, *_ = sorted(options.out.iterdir())
    first.write_text(first.read_text() + "# by hand\n")
    second.unlink()
    assert set(generate(options).write) == {first.name, second.name}
    assert tree(options.out) == good


def test_bad_input_writes_nothing(options: Options, capsys: pytest.CaptureFixture[str]) -> None:
    generate(options)
    before = tree(options.out)
    assert options.catalog
    paths = sorted(options.catalog.iterdir())
    edit(paths[0], steps=0)
    edit(paths[1], kind="half")
    edit(paths[2], steps=7)
    assert main(["--catalog", str(options.catalog), "--out", str(options.out), "--dags-per-file", "5"]) == 2
    message = capsys.readouterr().err
    assert f"{paths[0]}: 1 problem\n  line 1, steps: found 0, need a whole number from 1 to 50" in message
    assert f"{paths[1]}: 1 problem\n  line 1, kind: found" in message
    assert message.endswith("Nothing was written.\n")
    assert tree(options.out) == before


def test_an_id_that_is_edited_into_a_collision_is_refused_by_an_incremental_run(options: Options) -> None:
    generate(options)
    assert options.catalog
    first, second, *_ = sorted(options.catalog.iterdir())
    edit(first, id=second.stem.upper())
    with pytest.raises(ConfigError, match="differs by case only") as error:
        generate(options)
    assert str(first) in str(error.value)
    assert str(second) in str(error.value)


def test_an_empty_catalog_does_not_remove_every_dag(options: Options, tmp_path: Path) -> None:
    generate(options)
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigError, match="no configurations"):
        generate(Options(options.out, tmp_path / "empty"))
    with pytest.raises(ConfigError, match="no such folder"):
        generate(Options(options.out, tmp_path / "missing"))


def test_check_and_diff_tell_and_write_nothing(options: Options, capsys: pytest.CaptureFixture[str]) -> None:
    assert options.catalog
    arguments = ["--catalog", str(options.catalog), "--out", str(options.out), "--dags-per-file", "5"]
    assert main([*arguments, "--check"]) == 1
    assert not options.out.exists()
    assert main(arguments) == 0
    assert main([*arguments, "--check"]) == 0
    assert "current; 30 DAGs in" in capsys.readouterr().out
    before = tree(options.out)
    edit(options.catalog / f"{configurations(30)[3].id}.json", name="Another name")
    assert main([*arguments, "--diff"]) == 0
    assert '+        dag_display_name="Another name",' in capsys.readouterr().out
    assert main([*arguments, "--check", "--diff"]) == 1
    assert "differs or is missing" in capsys.readouterr().err
    assert tree(options.out) == before


def test_check_trusts_no_memory(options: Options) -> None:
    generate(options)
    made = next(options.out.iterdir())
    status = made.stat()
    text = made.read_text()
    made.write_text(text.replace("LoadStep(", "LoadSteq(", 1))
    os.utime(made, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert plan(options)[0].write.keys() == {made.name}
    assert generate(options).write.keys() == {made.name}
    assert made.read_text() == text


def test_an_edit_that_keeps_size_and_time_of_a_configuration_is_seen(options: Options) -> None:
    generate(options)
    assert options.catalog
    path = options.catalog / f"{configurations(30)[3].id}.json"
    status = path.stat()
    path.write_text(path.read_text().replace(" that ", " THAT "))
    assert path.stat().st_size == status.st_size
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert len(generate(options).write) == 1


def test_files_stay_below_the_bound_in_bytes(options: Options) -> None:
    generate(Options(options.out, options.catalog, dags_per_file=1_000, bytes_per_file=12_000))
    sizes = [path.stat().st_size for path in options.out.iterdir()]
    assert max(sizes) <= 12_000
    assert len(sizes) > 3


def test_an_edit_that_makes_a_file_too_large_splits_it(options: Options) -> None:
    options = Options(options.out, options.catalog, dags_per_file=1_000, bytes_per_file=70_000)
    generate(options)
    assert [path.name for path in options.out.iterdir()] == ["dags_all.py"]
    assert options.catalog
    for config in configurations(30)[:15]:
        edit(options.catalog / f"{config.id}.json", steps=50)
    generate(options)
    assert max(path.stat().st_size for path in options.out.iterdir()) <= 70_000


def test_the_schema_knows_the_fields_and_asks_for_the_id_only() -> None:
    made = schema()
    assert made["required"] == ["id"]
    assert made["additionalProperties"] is False
    assert {"$schema", "id", "steps", "notify"} <= made["properties"].keys()
    assert made["properties"]["steps"]["description"] == "a whole number from 1 to 50"


def test_the_command_says_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--out", "x"])
    assert stop.value.code == 2
    assert "--catalog or --fetch" in capsys.readouterr().err


def test_copied_folders_work_beside_nothing_but_pydantic_and_the_providers(tmp_path: Path) -> None:
    """dags/pipelines and dags/static in a DAG folder; whatever else this project installs is out of reach."""
    for name in ("pipelines", "static"):
        shutil.copytree(DAGS / name, tmp_path / name)
    code = f"""
import sys
REFUSED = {{"workbook", "json5", "pyjson5", "faker", "tqdm", "pandas", "matplotlib", "simpy", "starlette", "uvicorn"}}
class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in REFUSED:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Nothing())
ours = ({str(DAGS)!r}, {str(DAGS.parent / "notebooks")!r})
sys.path[:] = [{str(tmp_path)!r}] + [path for path in sys.path if path not in ours]
from airflow.dag_processing.dagbag import DagBag
found = DagBag({str(tmp_path / "static")!r}, safe_mode=False)
import pipelines
assert pipelines.__file__.startswith({str(tmp_path)!r}), pipelines.__file__
assert not found.import_errors, found.import_errors
from pipelines.generate import main
print(len(found.dags), "pipelines.config" in sys.modules)
"""
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.split()[-2:] == ["24", "True"]


class Editing(RuleBasedStateMachine):
    """Any history of edits: what is generated bit by bit is what is generated from scratch."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: set[int] = set()

    @initialize(dags=st.sampled_from([1, 3, 50]), size=st.sampled_from([6_000, 1 << 20]))
    def begin(self, dags: int, size: int) -> None:
        self.folder = Path(tempfile.mkdtemp(dir=os.environ["EDITING"]))
        self.options = Options(self.folder / "out", self.folder / "catalog", None, dags, size)
        self.add(0)

    def path(self, number: int) -> Path:
        return self.folder / "catalog" / f"{'sub/' if number % 2 else ''}p{number}.json"

    @rule(number=st.integers(0, 12))
    def add(self, number: int) -> None:
        values = configurations(13)[number].model_dump() | {"id": f"p{number}"}
        if number % 3 == 0:
            del values["steps"]
        self.path(number).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / "catalog" / "defaults.json").write_text('{"steps": 2}')
        self.path(number).write_text(json.dumps(values))
        self.ids.add(number)

    @rule(number=st.integers(1, 12))
    def remove(self, number: int) -> None:
        self.path(number).unlink(missing_ok=True)
        self.ids.discard(number)

    @rule(number=st.integers(0, 12), steps=st.integers(1, 50))
    def change(self, number: int, steps: int) -> None:
        if number in self.ids:
            edit(self.path(number), steps=steps)

    @rule(number=st.integers(0, 12))
    def rename(self, number: int) -> None:
        if number in self.ids:
            edit(self.path(number), id=f"renamed_{number}")

    @rule(steps=st.integers(1, 9))
    def inherit(self, steps: int) -> None:
        (self.folder / "catalog" / "defaults.json").write_text(json.dumps({"steps": steps}))

    @rule()
    def generate(self) -> None:
        generate(self.options)
        assert not plan(self.options)[0]

    @invariant()
    def current(self) -> None:
        if hasattr(self, "options"):
            generate(self.options)
            assert not plan(self.options)[0]


def test_any_history_of_edits_ends_in_what_a_fresh_run_makes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hypothesis.stateful import run_state_machine_as_test

    monkeypatch.setenv("EDITING", str(tmp_path))
    monkeypatch.setattr("pipelines.memory._TICK_NS", 5_000_000)  # this file system's clock is finer
    run_state_machine_as_test(Editing, settings=settings(max_examples=25, stateful_step_count=12))


class Flaky(BaseHTTPRequestHandler):
    """A configuration service that fails every second time it is asked, and counts."""

    configs: ClassVar = {config.id: config for config in configurations(12)}
    asked: ClassVar[Counter[str]] = Counter()
    dead: ClassVar[set[str]] = set()

    def do_GET(self) -> None:
        """Answer, or fail."""
        self.asked[self.path] += 1
        name = self.path.removeprefix("/pipelines").strip("/")
        fails = self.asked[self.path] % 2 == 1 or name in self.dead
        self.send_response(503 if fails else 200)
        self.end_headers()
        body = self.configs[name].model_dump() if name else {"ids": list(self.configs)}
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def flaky(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    Flaky.asked.clear()
    Flaky.dead.clear()
    monkeypatch.setattr(gather.time, "sleep", lambda seconds: None)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Flaky)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_fetching_tries_again_and_makes_the_same_dags(
    flaky: str, tmp_path: Path, bag: Bag, serialized: Serialized
) -> None:
    generate(Options(tmp_path / "out", fetch=flaky))
    found = {dag_id: serialized(dag) for dag_id, dag in bag(tmp_path / "out").dags.items()}
    assert found == {config.id: serialized(build(config)) for config in configurations(12)}
    assert set(Flaky.asked.values()) == {2}
    assert not generate(Options(tmp_path / "out", fetch=f"{flaky}/"))


def test_one_configuration_that_cannot_be_had_stops_everything(
    flaky: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = configurations(12)[4].id
    Flaky.dead.add(one)
    assert main(["--fetch", flaky, "--out", str(tmp_path / "out")]) == 2
    assert f"{flaky}/pipelines/{one}: 1 problem\n  cannot be had: HTTP Error 503" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_answers_that_break_off_are_asked_for_again(
    flaky: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(handler: Flaky) -> None:
        handler.asked[handler.path] += 1
        body = json.dumps({"ids": []}).encode()
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body) + 10))
        handler.end_headers()
        handler.wfile.write(body)

    monkeypatch.setattr(Flaky, "do_GET", broken)
    with pytest.raises(ConfigError, match=r"cannot be had: IncompleteRead.*5 tries"):
        generate(Options(tmp_path / "out", fetch=flaky))
    assert Flaky.asked == {"/pipelines": 5}


def test_an_address_and_a_folder_that_cannot_be_are_said_in_a_line(
    options: Options, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["--fetch", "file:///etc/passwd", "--out", "x"])
    assert "is no address such as http://host:port" in capsys.readouterr().err
    file = options.out.parent / "file"
    file.touch()
    assert main(["--catalog", str(options.catalog), "--out", str(file / "below")]) == 2
    assert capsys.readouterr().err.endswith("The files are as they were before, or all new.\n")
    there = set(file.parent.iterdir())
    assert main(["--catalog", str(options.catalog), "--out", str(file)]) == 2
    assert "is no folder; choose another --out\nNothing was written.\n" in capsys.readouterr().err
    assert set(file.parent.iterdir()) == there


@pytest.mark.parametrize("number", ["0", "-1", "three", "1.5"])
def test_a_number_that_cannot_be_is_said_with_what_can(
    number: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["--catalog", "x", "--out", "y", f"--dags-per-file={number}"])
    assert f"--dags-per-file: found {number}, need a whole number from 1" in capsys.readouterr().err


def test_the_same_pipeline_from_catalog_and_service_is_refused(flaky: str, tmp_path: Path) -> None:
    write_catalog(tmp_path / "catalog", configurations(1))
    with pytest.raises(ConfigError, match="the same id is in"):
        generate(Options(tmp_path / "out", tmp_path / "catalog", flaky))
