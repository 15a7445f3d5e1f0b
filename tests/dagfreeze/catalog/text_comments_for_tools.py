"""Text that tools read as instructions: noqa, type comments, fmt marks, cookies, generated-by headers."""
# expect: frozen

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

TEXT = """# -*- coding: utf-7 -*-
# fmt: off
# type: ignore
# ruff: noqa
# Frozen by dagfreeze. Do not edit.
if __name__ == "__main__":
    dag.test()
"""

with DAG("text_comments_for_tools", schedule=None, doc_md=TEXT, tags=["# noqa", "# type: ignore"]):
    BashOperator(task_id="say", bash_command=TEXT, doc_md="#!/bin/sh\n" + TEXT)
