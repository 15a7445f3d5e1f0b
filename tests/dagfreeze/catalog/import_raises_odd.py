"""Raises an exception whose text is odd: line ends, escapes, surrogates, very long."""
# expect: import error

from airflow.sdk import DAG

dag = DAG("import_raises_odd", schedule=None)


class OddError(Exception):
    def __str__(self):
        return "first line\r\n\x1b[31msecond \ud800 line\0" + "x" * 100_000


raise OddError
