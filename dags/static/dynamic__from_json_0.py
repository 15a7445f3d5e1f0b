# Frozen by dagfreeze from dynamic/from_json.py: change that file and freeze again; changes made here are lost.
# Shard 0 of 4, with the DAGs
#   fernandez_simpson_and_brown_orders_us
#   friedman_smith_payments_apac
#   garcia_parker_and_green_meter_readings_latam
#   jenkins_clayton_sensor_readings_us
#   owens_walker_and_perez_deliveries_mena
#   prince_nunez_claims_latam
#   walker_henry_invoices_mena

from datetime import UTC, datetime

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, chain, get_parsing_context

from pipelines.operators import CheckSource, LoadStep

# A task that starts names the one DAG that it needs; the DAG processor names none and gets them all.
WANTED = get_parsing_context().dag_id

if WANTED in (None, "fernandez_simpson_and_brown_orders_us"):
    with DAG(
        dag_id="fernandez_simpson_and_brown_orders_us",
        dag_display_name="Fernandez, Simpson and Brown: orders (US)",
        description="Orders that Fernandez, Simpson and Brown delivers for US: all of them, every time.",
        doc_md="Loads `fernandez-simpson-and-brown-us/orders/*.csv` into `abfss://curated/fernandez_simpson_and_brown/orders/us`; ask `partner-feeds@airflow-workbook.example`.",
        schedule=None,
        start_date=datetime(2026, 1, 1, tzinfo=UTC),
        catchup=False,
        default_args={"owner": "partner-feeds@airflow-workbook.example"},
        owner_links={
            "partner-feeds@airflow-workbook.example": "mailto:partner-feeds@airflow-workbook.example",
        },
        tags=["pipelines", "full"],
    ):
        start = EmptyOperator(task_id="start")
        preconditions = CheckSource(
            task_id="preconditions",
            bucket="fernandez-simpson-and-brown-us",
            pattern="orders/*.csv",
        )
        step_1 = LoadStep(
            task_id="step_1",
            part=1,
            parts=8,
            destination="abfss://curated/fernandez_simpson_and_brown/orders/us",
        )
        step_2 = LoadStep(
            task_id="step_2",
            part=2,
            parts=8,
            destination="abfss://curated/fernandez_simpson_and_brown/orders/us",
        )
        step_3 = LoadStep(
            task_id="step_3",
            part=3,
            parts=8,
            destination="abfss://curated/fernandez_simpson_and_brown/orders/us",
        )
        step_4 = LoadStep(
            task_id="step_4",
            part=4,
            parts=8,
            destination="abfss://curated/fernandez_simpson_and_brown/orders/us",
        )
        step_5 = LoadStep(
            task_id="step_5",
            part=5,
            parts=8,
            destination="abfss://curated/fernandez_simpson_and_brown/orders/us",
        )
        step_6 = LoadStep(
            task_id="step_6",
            part=6,
            parts=8,
            destination="abfss://curated/fernandez_simpson_and_brown/orders/us",
        )
        step_7 = LoadStep(
            task_id="step_7",
            part=7,
            parts=8,
            destination="abfss://curated/fernandez_simpson_and_brown/orders/us",
        )
        step_8 = LoadStep(
            task_id="step_8",
            part=8,
            parts=8,
            destination="abfss://curated/fernandez_simpson_and_brown/orders/us",
        )
        end = EmptyOperator(task_id="end")
        chain(
            start,
            preconditions,
            [step_1, step_2, step_3, step_4, step_5, step_6, step_7, step_8],
            end,
        )

if WANTED in (None, "friedman_smith_payments_apac"):
    with DAG(
        dag_id="friedman_smith_payments_apac",
        dag_display_name="Friedman-Smith: payments (APAC)",
        description="Payments that Friedman-Smith delivers for APAC: what is new since the last run.",
        doc_md="Loads `friedman-smith-apac/payments/*.json` into `s3://warehouse-raw/friedman_smith/payments/apac`; ask `supply-chain@airflow-workbook.example`.",
        schedule=None,
        start_date=datetime(2026, 1, 1, tzinfo=UTC),
        catchup=False,
        default_args={"owner": "supply-chain@airflow-workbook.example"},
        owner_links={
            "supply-chain@airflow-workbook.example": "mailto:supply-chain@airflow-workbook.example",
        },
        tags=["pipelines", "incremental"],
    ):
        start = EmptyOperator(task_id="start")
        preconditions = CheckSource(
            task_id="preconditions",
            bucket="friedman-smith-apac",
            pattern="payments/*.json",
        )
        step_1 = LoadStep(
            task_id="step_1",
            part=1,
            parts=4,
            destination="s3://warehouse-raw/friedman_smith/payments/apac",
        )
        step_2 = LoadStep(
            task_id="step_2",
            part=2,
            parts=4,
            destination="s3://warehouse-raw/friedman_smith/payments/apac",
        )
        step_3 = LoadStep(
            task_id="step_3",
            part=3,
            parts=4,
            destination="s3://warehouse-raw/friedman_smith/payments/apac",
        )
        step_4 = LoadStep(
            task_id="step_4",
            part=4,
            parts=4,
            destination="s3://warehouse-raw/friedman_smith/payments/apac",
        )
        end = EmptyOperator(task_id="end")
        start >> preconditions >> step_1 >> step_2 >> step_3 >> step_4 >> end

if WANTED in (None, "garcia_parker_and_green_meter_readings_latam"):
    with DAG(
        dag_id="garcia_parker_and_green_meter_readings_latam",
        dag_display_name="Garcia, Parker and Green: meter readings (LATAM)",
        description="Meter readings that Garcia, Parker and Green delivers for LATAM: what is new since the last run.",
        doc_md="Loads `garcia-parker-and-green-latam/meter_readings/*.csv` into `abfss://curated/garcia_parker_and_green/meter_readings/latam`; ask `supply-chain@airflow-workbook.example`.",
        schedule=None,
        start_date=datetime(2026, 1, 1, tzinfo=UTC),
        catchup=False,
        default_args={"owner": "supply-chain@airflow-workbook.example"},
        owner_links={
            "supply-chain@airflow-workbook.example": "mailto:supply-chain@airflow-workbook.example",
        },
        tags=["pipelines", "incremental"],
    ):
        start = EmptyOperator(task_id="start")
        preconditions = CheckSource(
            task_id="preconditions",
            bucket="garcia-parker-and-green-latam",
            pattern="meter_readings/*.csv",
        )
        step_1 = LoadStep(
            task_id="step_1",
            part=1,
            parts=3,
            destination="abfss://curated/garcia_parker_and_green/meter_readings/latam",
        )
        step_2 = LoadStep(
            task_id="step_2",
            part=2,
            parts=3,
            destination="abfss://curated/garcia_parker_and_green/meter_readings/latam",
        )
        step_3 = LoadStep(
            task_id="step_3",
            part=3,
            parts=3,
            destination="abfss://curated/garcia_parker_and_green/meter_readings/latam",
        )
        end = EmptyOperator(task_id="end")
        start >> preconditions >> step_1 >> step_2 >> step_3 >> end

if WANTED in (None, "jenkins_clayton_sensor_readings_us"):
    with DAG(
        dag_id="jenkins_clayton_sensor_readings_us",
        dag_display_name="Jenkins-Clayton: sensor readings (US)",
        description="Sensor readings that Jenkins-Clayton delivers for US: what is new since the last run.",
        doc_md="Loads `jenkins-clayton-us/sensor_readings/*.parquet` into `gs://lake-landing/jenkins_clayton/sensor_readings/us`; ask `finance-data@airflow-workbook.example`.",
        schedule=None,
        start_date=datetime(2026, 1, 1, tzinfo=UTC),
        catchup=False,
        default_args={"owner": "finance-data@airflow-workbook.example"},
        owner_links={
            "finance-data@airflow-workbook.example": "mailto:finance-data@airflow-workbook.example",
        },
        tags=["pipelines", "incremental"],
    ):
        start = EmptyOperator(task_id="start")
        preconditions = CheckSource(
            task_id="preconditions",
            bucket="jenkins-clayton-us",
            pattern="sensor_readings/*.parquet",
        )
        step_1 = LoadStep(
            task_id="step_1",
            part=1,
            parts=5,
            destination="gs://lake-landing/jenkins_clayton/sensor_readings/us",
        )
        step_2 = LoadStep(
            task_id="step_2",
            part=2,
            parts=5,
            destination="gs://lake-landing/jenkins_clayton/sensor_readings/us",
        )
        step_3 = LoadStep(
            task_id="step_3",
            part=3,
            parts=5,
            destination="gs://lake-landing/jenkins_clayton/sensor_readings/us",
        )
        step_4 = LoadStep(
            task_id="step_4",
            part=4,
            parts=5,
            destination="gs://lake-landing/jenkins_clayton/sensor_readings/us",
        )
        step_5 = LoadStep(
            task_id="step_5",
            part=5,
            parts=5,
            destination="gs://lake-landing/jenkins_clayton/sensor_readings/us",
        )
        end = EmptyOperator(task_id="end")
        start >> preconditions >> step_1 >> step_2 >> step_3 >> step_4 >> step_5 >> end

if WANTED in (None, "owens_walker_and_perez_deliveries_mena"):
    with DAG(
        dag_id="owens_walker_and_perez_deliveries_mena",
        dag_display_name="Owens, Walker and Perez: deliveries (MENA)",
        description="Deliveries that Owens, Walker and Perez delivers for MENA: what is new since the last run.",
        doc_md="Loads `owens-walker-and-perez-mena/deliveries/*.csv` into `gs://lake-landing/owens_walker_and_perez/deliveries/mena`; ask `data-platform@airflow-workbook.example`.",
        schedule=None,
        start_date=datetime(2026, 1, 1, tzinfo=UTC),
        catchup=False,
        default_args={"owner": "data-platform@airflow-workbook.example"},
        owner_links={
            "data-platform@airflow-workbook.example": "mailto:data-platform@airflow-workbook.example",
        },
        tags=["pipelines", "incremental"],
    ):
        start = EmptyOperator(task_id="start")
        preconditions = CheckSource(
            task_id="preconditions",
            bucket="owens-walker-and-perez-mena",
            pattern="deliveries/*.csv",
        )
        step_1 = LoadStep(
            task_id="step_1",
            part=1,
            parts=3,
            destination="gs://lake-landing/owens_walker_and_perez/deliveries/mena",
        )
        step_2 = LoadStep(
            task_id="step_2",
            part=2,
            parts=3,
            destination="gs://lake-landing/owens_walker_and_perez/deliveries/mena",
        )
        step_3 = LoadStep(
            task_id="step_3",
            part=3,
            parts=3,
            destination="gs://lake-landing/owens_walker_and_perez/deliveries/mena",
        )
        end = EmptyOperator(task_id="end")
        start >> preconditions >> step_1 >> step_2 >> step_3 >> end

if WANTED in (None, "prince_nunez_claims_latam"):
    with DAG(
        dag_id="prince_nunez_claims_latam",
        dag_display_name="Prince-Nunez: claims (LATAM)",
        description="Claims that Prince-Nunez delivers for LATAM: all of them, every time.",
        doc_md="Loads `prince-nunez-latam/claims/*.xml` into `gs://lake-landing/prince_nunez/claims/latam`; ask `partner-feeds@airflow-workbook.example`.",
        schedule=None,
        start_date=datetime(2026, 1, 1, tzinfo=UTC),
        catchup=False,
        default_args={"owner": "partner-feeds@airflow-workbook.example"},
        owner_links={
            "partner-feeds@airflow-workbook.example": "mailto:partner-feeds@airflow-workbook.example",
        },
        tags=["pipelines", "full"],
    ):
        start = EmptyOperator(task_id="start")
        preconditions = CheckSource(
            task_id="preconditions",
            bucket="prince-nunez-latam",
            pattern="claims/*.xml",
        )
        step_1 = LoadStep(
            task_id="step_1",
            part=1,
            parts=4,
            destination="gs://lake-landing/prince_nunez/claims/latam",
        )
        step_2 = LoadStep(
            task_id="step_2",
            part=2,
            parts=4,
            destination="gs://lake-landing/prince_nunez/claims/latam",
        )
        step_3 = LoadStep(
            task_id="step_3",
            part=3,
            parts=4,
            destination="gs://lake-landing/prince_nunez/claims/latam",
        )
        step_4 = LoadStep(
            task_id="step_4",
            part=4,
            parts=4,
            destination="gs://lake-landing/prince_nunez/claims/latam",
        )
        end = EmptyOperator(task_id="end")
        start >> preconditions >> [step_1, step_2, step_3, step_4] >> end

if WANTED in (None, "walker_henry_invoices_mena"):
    with DAG(
        dag_id="walker_henry_invoices_mena",
        dag_display_name="Walker-Henry: invoices (MENA)",
        description="Invoices that Walker-Henry delivers for MENA: what is new since the last run.",
        doc_md="Loads `walker-henry-mena/invoices/*.xml` into `s3://warehouse-raw/walker_henry/invoices/mena`; ask `partner-feeds@airflow-workbook.example`.",
        schedule=None,
        start_date=datetime(2026, 1, 1, tzinfo=UTC),
        catchup=False,
        default_args={"owner": "partner-feeds@airflow-workbook.example"},
        owner_links={
            "partner-feeds@airflow-workbook.example": "mailto:partner-feeds@airflow-workbook.example",
        },
        tags=["pipelines", "incremental"],
    ):
        start = EmptyOperator(task_id="start")
        preconditions = CheckSource(
            task_id="preconditions",
            bucket="walker-henry-mena",
            pattern="invoices/*.xml",
        )
        step_1 = LoadStep(
            task_id="step_1",
            part=1,
            parts=4,
            destination="s3://warehouse-raw/walker_henry/invoices/mena",
        )
        step_2 = LoadStep(
            task_id="step_2",
            part=2,
            parts=4,
            destination="s3://warehouse-raw/walker_henry/invoices/mena",
        )
        step_3 = LoadStep(
            task_id="step_3",
            part=3,
            parts=4,
            destination="s3://warehouse-raw/walker_henry/invoices/mena",
        )
        step_4 = LoadStep(
            task_id="step_4",
            part=4,
            parts=4,
            destination="s3://warehouse-raw/walker_henry/invoices/mena",
        )
        end = EmptyOperator(task_id="end")
        start >> preconditions >> step_1 >> step_2 >> step_3 >> step_4 >> end
