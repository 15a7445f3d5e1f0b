"""Groups in groups: without prefix, with defaults that override, tooltips, colours, display names, edges."""
# expect: frozen

from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, Label, TaskGroup

with DAG("group_nested", schedule=None, default_args={"retries": 1, "owner": "dag"}):
    start = EmptyOperator(task_id="start")
    with TaskGroup("outer", tooltip="The *outer* one", default_args={"retries": 2, "pool": "outer"}) as outer:
        with TaskGroup("inner", prefix_group_id=False, ui_color="#fff", ui_fgcolor="#000") as inner:
            a = BashOperator(task_id="a", bash_command="true")
            with TaskGroup("deep", group_display_name="Deep down 🕳", default_args={"retries": 3}) as deep:
                b = BashOperator(task_id="b", bash_command="true", owner="b")
            a >> deep
        with TaskGroup("empty"):
            pass
        c = EmptyOperator(task_id="c")
        inner >> Label("when ready") >> c
    end = EmptyOperator(task_id="end")
    start >> outer >> end
    start >> Label("straight to b") >> b
    with outer:
        EmptyOperator(task_id="added_later")
