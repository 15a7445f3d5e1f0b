# -*- coding: latin-1 -*-
"""Is not UTF-8: its first line says latin-1, so the docstring comes second."""
# expect: frozen

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, task

with DAG("file_latin1", schedule=None, doc_md="""Größe ½ ÿ
second line"""):

    @task
    def work(text="Größe ½ ÿ"):
        """Größe ½ ÿ"""
        return "Größe ½ ÿ", lambda: 1

    work() >> BashOperator(task_id="say", bash_command="echo Größe ½ ÿ")
