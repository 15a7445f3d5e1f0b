"""A request that the server refuses is made again; what runs do on a real Airflow is in test_handle."""

from __future__ import annotations

import pytest
from airflow_client.client.exceptions import ServiceException

from workbook.stack.runs import ATTEMPTS, repeat


@pytest.mark.parametrize("failures", [0, 1, ATTEMPTS - 1])
def test_a_request_is_made_until_the_server_takes_it(failures: int) -> None:
    answers = iter([*[ServiceException(status=500)] * failures, None])
    requests = []

    def request(dag_id: str, run_id: str) -> None:
        requests.append((dag_id, run_id))
        if (answer := next(answers)) is not None:
            raise answer

    repeat(request, "loads", "run_1")
    assert requests == [("loads", "run_1")] * (failures + 1)


def test_a_server_that_takes_nothing_is_said_and_so_is_every_other_error() -> None:
    requests = []

    def request(error: Exception) -> None:
        requests.append(error)
        raise error

    with pytest.raises(ServiceException):
        repeat(request, ServiceException(status=500))
    assert len(requests) == ATTEMPTS
    with pytest.raises(ValueError, match="no such DAG"):
        repeat(request, ValueError("no such DAG"))
    assert len(requests) == ATTEMPTS + 1
