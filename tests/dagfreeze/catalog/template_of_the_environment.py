"""Texts that a template makes of the environment while the file is imported."""
# expect: frozen, names: SHELL_OF_NOBODY

import os
import string

import jinja2
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

os.environ.setdefault("SHELL_OF_NOBODY", "sh")

with DAG("template_of_the_environment", schedule=None):
    BashOperator(task_id="a", bash_command=string.Template("$SHELL_OF_NOBODY a").substitute(os.environ))
    BashOperator(task_id="b", bash_command=jinja2.Template("{{ env['PATH'] }} b").render(env=os.environ))
