"""An operator class that type() made: nobody can import it, and it has no source."""
# expect: refused: stands in no module, as one that type(…) makes

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

Made = type("Made", (BashOperator,), {"ui_color": "#ff0000"})

with DAG("class_without_source", schedule=None):
    Made(task_id="made", bash_command="true")
