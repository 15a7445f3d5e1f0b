"""Halves of surrogate pairs, which no UTF-8 file can hold as they are."""
# expect: frozen

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

with DAG(
    "text_lone_surrogates", schedule=None, description="half \ud83d here", params={"\udc80": "\udfff\ud800"}
):
    BashOperator(task_id="say", bash_command="echo \udce4", env={"\ud800": "x"}, doc_md="\ud83d\ude00")
