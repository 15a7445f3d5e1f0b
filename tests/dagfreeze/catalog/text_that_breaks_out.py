"""Text that would end a string and run a command, in every position of a DAG and of its tasks."""
# expect: frozen

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, Asset, AssetAlias, Label, Param, TaskGroup

X = '"); import os; os.system("touch /tmp/frozen_owned") #'
Y = "'); import os; os.system('touch /tmp/frozen_owned') #\n" + '""" ' + "''' \\"

with DAG(
    "text_that_breaks_out",
    schedule=[Asset(f"x://a/{X}", extra={X: Y}, group=X[:40]), AssetAlias(X, group=Y[:40])],
    description=X,
    doc_md=Y + X,
    tags=[X, Y],
    dag_display_name=Y,
    params={X: Param(Y, description=X, title=Y, enum=[X, Y]), Y: X},
    default_args={X: Y, "owner": X, "queue": Y},
    user_defined_macros={X: Y},
    template_searchpath=[X],
    jinja_environment_kwargs={"comment_start_string": X},
    access_control={X: {"can_read"}},
):
    with TaskGroup("group", tooltip=Y, ui_color=X, group_display_name=X):
        a = BashOperator(task_id="a", bash_command=X, env={X: Y, Y: X}, pool=X, queue=Y, owner=X, cwd=Y)
    b = BashOperator(
        task_id="b",
        bash_command=Y,
        doc=X,
        doc_md=Y,
        doc_json=X,
        doc_yaml=Y,
        doc_rst=X,
        task_display_name=Y,
        executor_config={X: {Y: X}},
        logger_name=X,
        outlets=[Asset(name=X[2:], uri="x://b")],
    )
    a >> Label(X) >> b
    (
        b
        >> Label(Y)
        >> BashOperator.partial(task_id="c", map_index_template=X, params={Y: X}).expand(bash_command=[X, Y])
    )
