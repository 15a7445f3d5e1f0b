"""A published file counts as parsed when the DAG processor is through with it, database included."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook.stack.parses import Parses

FILES = ["lesson/a.py", "lesson/deeper one/a.py"]
PATHS = ["lesson_a.py", "lesson_deeper_one_a.py"]


class Processor:
    """Writes what Airflow's DAG processor would send."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.time = 100.0
        path.touch()

    def send(self, name: str, kind: str = "c", *, end: str = "\n", **tags: str) -> None:
        self.time += 1
        pairs = "".join(f",{key}={value}" for key, value in tags.items())
        with self.path.open("a") as lines:
            lines.write(f"{self.time} dag_processing.{name}{pairs}:1|{kind}{end}")

    def start(self, path: str) -> None:
        self.send("processes", file_path=path, action="start")

    def end(self, name: str) -> None:
        self.send("last_duration", "ms", file_name=name)

    def loop(self) -> None:
        self.send("file_path_queue_size", "g")


def test_every_file_must_have_been_started_ended_and_written(tmp_path: Path) -> None:
    processor = Processor(tmp_path / "metrics")
    parses = Parses(processor.path)

    def done() -> bool:
        return parses.done(FILES, since=100, up=50)

    assert not done()
    for path in PATHS:
        processor.start(path)
    assert not done()
    processor.end("a")
    processor.loop()
    assert not done()  # which of the two it was cannot be told, but one is under way
    processor.end("a")
    assert not done()  # being written
    processor.loop()
    assert done()
    processor.start(PATHS[1])
    assert not done()  # the next round has begun
    processor.send("processes", file_path=PATHS[1], action="timeout")
    assert done()


def test_what_happened_before_the_publication_does_not_count(tmp_path: Path) -> None:
    processor = Processor(tmp_path / "metrics")
    parses = Parses(processor.path)
    processor.start(PATHS[0])
    published = processor.time + 0.5
    processor.end("a")
    processor.loop()
    assert not parses.done(FILES[:1], since=published, up=50)
    processor.start(PATHS[0])
    processor.end("a")
    processor.loop()
    assert parses.done(FILES[:1], since=published, up=50)


@pytest.mark.parametrize("read", [True, False], ids=["read before", "read after"])
def test_what_a_former_processor_left_undone_is_forgotten(read: bool, tmp_path: Path) -> None:
    processor = Processor(tmp_path / "metrics")
    parses = Parses(processor.path)
    processor.start(PATHS[0])  # and killed: the end of the other file of this name is not its end
    if read:
        assert not parses.done(FILES[:1], since=100, up=50)
    restarted = processor.time + 0.5
    processor.start(PATHS[1])
    processor.end("a")
    processor.loop()
    assert parses.done(FILES[1:], since=100, up=restarted)
    assert not parses.done(FILES, since=100, up=restarted)


def test_a_line_that_is_half_written_is_read_when_it_is_whole(tmp_path: Path) -> None:
    processor = Processor(tmp_path / "metrics")
    parses = Parses(processor.path)
    processor.start(PATHS[0])
    processor.end("a")
    processor.send("file_path_queue_size", "g", end="")
    assert not parses.done(FILES[:1], since=100, up=50)
    with processor.path.open("a") as lines:
        lines.write("\n")
    assert parses.done(FILES[:1], since=100, up=50)


def test_no_files_are_parsed_at_once(tmp_path: Path) -> None:
    assert Parses(Processor(tmp_path / "metrics").path).done([], since=100, up=50)
