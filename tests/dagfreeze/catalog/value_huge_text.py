"""A text of 200,000 characters, one of one long line, one of many lines, one of newlines and quotes only."""
# expect: frozen

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

with DAG("value_huge_text", schedule=None, doc_md="# Long\n\n" + "word " * 40_000):
    BashOperator(task_id="one_line", bash_command="echo " + "x" * 100_000)
    BashOperator(task_id="many_lines", bash_command="\n".join(f"echo {n}" for n in range(3_000)))
    BashOperator(
        task_id="quotes", bash_command="echo", env={"Q": "\n\"'" * 2_000, "T": '"""' * 99, "B": "\\" * 501}
    )
