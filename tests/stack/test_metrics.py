"""What Airflow's own StatsD client sends arrives complete, in order, with its tags."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest
from statsd import StatsClient

from workbook.stack.metrics import Collector, Metric, parse_lines, to_frame


def test_every_kind_arrives_with_its_tags() -> None:
    with Collector() as collector:
        client = StatsClient("127.0.0.1", collector.port)
        client.gauge("executor.open_slots,executor=Local", 3)
        client.gauge("pool.open_slots", -2, delta=True)
        client.incr("ti.start,dag_id=a,task_id=b", 2)
        client.timing("dag_processing.last_duration,file_name=orders", 12.5)
        client.timing("tiny", 1.5e-7)
        frame = collector.frame()
        assert collector.count("ti.start") == 1
    assert list(frame.columns) == ["time", "name", "kind", "value", "tags"]
    assert frame.drop(columns="time").values.tolist() == [
        ["executor.open_slots", "gauge", 3.0, {"executor": "Local"}],
        ["pool.open_slots", "gauge", -2.0, {}],
        ["ti.start", "counter", 2.0, {"dag_id": "a", "task_id": "b"}],
        ["dag_processing.last_duration", "timer", 12.5, {"file_name": "orders"}],
        ["tiny", "timer", 0.0, {}],  # the client writes six places
    ]
    assert frame.time.is_monotonic_increasing


def test_nothing_is_missed_of_a_burst_and_a_reading_sees_all_that_was_sent_before_it() -> None:
    with Collector() as collector, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for number in range(3000):
            sender.sendto(f"burst:{number}|c".encode(), ("127.0.0.1", collector.port))
        assert [metric.value for metric in collector.metrics()] == list(range(3000))


def test_a_path_keeps_the_lines_of_former_collectors(tmp_path: Path) -> None:
    path = tmp_path / "a folder" / "metrics"
    path.parent.mkdir()
    for value in (1, 2):
        with Collector(path) as collector:
            StatsClient("127.0.0.1", collector.port).incr("start", value)
    with path.open() as lines:
        assert [metric.value for metric in parse_lines(lines)] == [1, 2]


def test_lines_that_are_no_metrics_are_passed_over() -> None:
    lines = ["1.5 a.b,k=v:7|ms", "1.6 half a li", "", "1.7 a:b|g", "1.8 a.c:+1|g|@0.1"]
    assert list(parse_lines(lines)) == [
        Metric(1.5, "a.b", "timer", 7, {"k": "v"}),
        Metric(1.8, "a.c", "gauge", 1, {}),
    ]


def test_a_frame_of_nothing_has_its_columns() -> None:
    frame = to_frame([])
    assert list(frame.columns) == list(Metric._fields)
    assert str(frame.time.dtype).startswith("datetime64")


def test_several_threads_read_while_lines_arrive() -> None:
    with Collector() as collector:
        client = StatsClient("127.0.0.1", collector.port)
        counts: list[int] = []

        def write_and_count() -> None:
            client.incr("mine")
            counts.append(collector.count("mine"))

        threads = [threading.Thread(target=write_and_count) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert max(counts) == 8
        assert all(count >= 1 for count in counts)


def test_a_closed_collector_leaves_no_thread_and_no_port() -> None:
    with Collector() as collector:
        port = collector.port
    assert not any(thread.name == "statsd" for thread in threading.enumerate())
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", port))
    with pytest.raises(RuntimeError, match="stopped listening"):
        collector.frame()
