"""A DAG with every setting that a person might give it."""
# expect: frozen

from datetime import datetime, timedelta, timezone

import jinja2
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG


def shout(text):
    return text.upper() + "!"


with DAG(
    "dag_settings",
    description="All of them",
    schedule=timedelta(hours=6),
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    end_date=datetime(2027, 1, 1, tzinfo=timezone(timedelta(hours=-3, minutes=-30))),
    catchup=True,
    template_searchpath=["/srv/templates", "/srv/more"],
    template_undefined=jinja2.ChainableUndefined,
    user_defined_macros={"shout": shout, "year": 2026, "half": lambda x: x / 2},
    user_defined_filters={"shout": shout, "plus": lambda x, y=1: x + y},
    jinja_environment_kwargs={"keep_trailing_newline": True, "extensions": ["jinja2.ext.do"]},
    max_active_tasks=3,
    max_active_runs=1,
    max_consecutive_failed_dag_runs=5,
    dagrun_timeout=timedelta(days=1, microseconds=5),
    access_control={"Op": {"can_read", "can_edit"}, "User": {"DAGs": {"can_read"}}},
    is_paused_upon_creation=False,
    tags={"b", "a", "c"},
    owner_links={"ops": "mailto:ops@example.com", "dev": "https://example.com/?a=1&b=2"},
    fail_fast=True,
    dag_display_name="All settings 🛠",
    allowed_run_types=["manual", "scheduled"],
    default_args={"owner": "ops"},
):
    BashOperator(task_id="say", bash_command="echo {{ shout(ds) | plus(2) }}\n")
