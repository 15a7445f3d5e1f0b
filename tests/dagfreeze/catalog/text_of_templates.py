"""Templates with every kind of brace, beside f-strings' braces, raw blocks, comments and line statements."""
# expect: frozen

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

with DAG("text_of_templates", schedule=None, doc_md="{{ }} {% %} {# #} {} %s %(a)s $a ${a} $$ {0!r:>5}"):
    BashOperator(
        task_id="loop",
        bash_command="""
            {%- for n in range(3) %}
            echo "{{ '{{' }} {{ n }} {% raw %}{{ raw }}{% endraw %} {# gone #}"
            {%- endfor %}
            echo "\t{{ ti.xcom_pull(task_ids='a', key="k\\"q") }}" | awk '{ print $1 }'
        """,
        env={"{{ key }}": "{{ value }}", "TEXT": "{% if a %}{{{a}}}{% endif %}"},
    )
