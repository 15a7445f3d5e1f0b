"""Text of several lines as people write it: indented scripts, SQL, Markdown, ends with and without newline."""
# expect: frozen

from textwrap import dedent

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

SCRIPT = """
    set -eu
    cat <<'END'
        it's "quoted" \\ and \t tabbed   \x20
    END
    echo 'done' \\
        && true"""

with DAG(
    "text_multiline",
    schedule=None,
    doc_md=dedent("\n    # Title\n\n    * a\n      * b\n\n    ```sql\n    x\n    ```\n"),
):
    BashOperator(task_id="script", bash_command=SCRIPT) >> BashOperator(
        task_id="dedented", bash_command=dedent(SCRIPT)
    )
    BashOperator(
        task_id="trailing",
        bash_command="a  \nb\t\n\n\n",
        env={"A": "\n", "B": " \n ", "C": "\\\n", "D": "x\\"},
    )
