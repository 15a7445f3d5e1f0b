"""Loggers and renderers of structlog, with settings that a task's output depends on."""
# expect: frozen

import logging

import structlog
from airflow.sdk import DAG, task


def without_email(logger, method, event):
    event.pop("email", None)
    return event


log = structlog.wrap_logger(
    structlog.PrintLogger(), processors=[without_email, structlog.processors.JSONRenderer(sort_keys=True)]
)
quiet = structlog.wrap_logger(
    structlog.PrintLogger(), wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING)
)
render = structlog.processors.JSONRenderer(sort_keys=True, indent=1)
named = structlog.get_logger("orders", team="shop")

with DAG("loggers_of_structlog", schedule=None):

    @task
    def load():
        log.info("loaded", email="a@b.example")
        quiet.info("nobody sees this")
        named.info("loaded")
        return render(None, "", {"b": 1, "a": 2})

    load()
