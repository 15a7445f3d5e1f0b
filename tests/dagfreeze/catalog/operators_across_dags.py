"""Two DAGs that wait for each other and start each other, by names and by dates."""
# expect: frozen

from datetime import timedelta

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.providers.standard.sensors.external_task import ExternalTaskMarker, ExternalTaskSensor
from airflow.sdk import DAG, TaskInstanceState


def one_hour_before(logical_date):
    return logical_date - timedelta(hours=1)


with DAG("operators_across_dags_parent", schedule="@daily"):
    ExternalTaskMarker(
        task_id="marker",
        external_dag_id="operators_across_dags_child",
        external_task_id="wait",
        recursion_depth=3,
    ) >> TriggerDagRunOperator(
        task_id="start_child",
        trigger_dag_id="operators_across_dags_child",
        conf={"day": "{{ ds }}", "parts": [1, 2, {"deep": True}]},
        logical_date="{{ logical_date }}",
        reset_dag_run=True,
        wait_for_completion=True,
        allowed_states=[TaskInstanceState.SUCCESS],
        failed_states=["failed"],
    )

with DAG("operators_across_dags_child", schedule="@daily"):
    ExternalTaskSensor(
        task_id="wait",
        external_dag_id="operators_across_dags_parent",
        external_task_ids=["marker", "start_child"],
        execution_delta=timedelta(0),
        check_existence=True,
    ) >> ExternalTaskSensor(
        task_id="wait_for_group",
        external_dag_id="operators_across_dags_parent",
        execution_date_fn=one_hour_before,
        allowed_states=["success"],
    )
