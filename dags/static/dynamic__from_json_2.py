# Frozen by dagfreeze from dynamic/from_json.py: change that file and freeze again; changes made here are lost.
# Shard 2 of 4, with the DAGs
#   booth_haney_stock_levels_uk
#   george_herman_and_galloway_order_lines_latam
#   henderson_ltd_store_visits_latam
#   martin_inc_campaigns_mena
#   murphy_farmer_store_visits_apac
#   schultz_webster_sensor_readings_us

from datetime import UTC, datetime

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, chain, get_parsing_context

from pipelines.operators import CheckSource, LoadStep

# A task that starts names the one DAG that it needs; the DAG processor names none and gets them all.
WANTED = get_parsing_context().dag_id

if WANTED in (None, "booth_haney_stock_levels_uk"):
    with DAG(
        dag_id="booth_haney_stock_levels_uk",
        dag_display_name="Booth-Haney: stock levels (UK)",
        description="Stock levels that Booth-Haney delivers for UK: what is new since the last run.",
        doc_md="Loads `booth-haney-uk/stock_levels/*.csv` into `abfss://curated/booth_haney/stock_levels/uk`; ask `partner-feeds@airflow-workbook.example`.",
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
            bucket="booth-haney-uk",
            pattern="stock_levels/*.csv",
        )
        step_1 = LoadStep(
            task_id="step_1",
            part=1,
            parts=5,
            destination="abfss://curated/booth_haney/stock_levels/uk",
        )
        step_2 = LoadStep(
            task_id="step_2",
            part=2,
            parts=5,
            destination="abfss://curated/booth_haney/stock_levels/uk",
        )
        step_3 = LoadStep(
            task_id="step_3",
            part=3,
            parts=5,
            destination="abfss://curated/booth_haney/stock_levels/uk",
        )
        step_4 = LoadStep(
            task_id="step_4",
            part=4,
            parts=5,
            destination="abfss://curated/booth_haney/stock_levels/uk",
        )
        step_5 = LoadStep(
            task_id="step_5",
            part=5,
            parts=5,
            destination="abfss://curated/booth_haney/stock_levels/uk",
        )
        end = EmptyOperator(task_id="end")
        start >> preconditions >> step_1 >> step_2 >> step_3 >> step_4 >> step_5 >> end

if WANTED in (None, "george_herman_and_galloway_order_lines_latam"):
    with DAG(
        dag_id="george_herman_and_galloway_order_lines_latam",
        dag_display_name="George, Herman and Galloway: order lines (LATAM)",
        description="Order lines that George, Herman and Galloway delivers for LATAM: all of them, every time.",
        doc_md="Loads `george-herman-and-galloway-latam/order_lines/*.csv` into `gs://lake-landing/george_herman_and_galloway/order_lines/latam`; ask `data-platform@airflow-workbook.example`.",
        schedule=None,
        start_date=datetime(2026, 1, 1, tzinfo=UTC),
        catchup=False,
        default_args={"owner": "data-platform@airflow-workbook.example"},
        owner_links={
            "data-platform@airflow-workbook.example": "mailto:data-platform@airflow-workbook.example",
        },
        tags=["pipelines", "full"],
    ):
        start = EmptyOperator(task_id="start")
        preconditions = CheckSource(
            task_id="preconditions",
            bucket="george-herman-and-galloway-latam",
            pattern="order_lines/*.csv",
        )
        step_1 = LoadStep(
            task_id="step_1",
            part=1,
            parts=8,
            destination="gs://lake-landing/george_herman_and_galloway/order_lines/latam",
        )
        step_2 = LoadStep(
            task_id="step_2",
            part=2,
            parts=8,
            destination="gs://lake-landing/george_herman_and_galloway/order_lines/latam",
        )
        step_3 = LoadStep(
            task_id="step_3",
            part=3,
            parts=8,
            destination="gs://lake-landing/george_herman_and_galloway/order_lines/latam",
        )
        step_4 = LoadStep(
            task_id="step_4",
            part=4,
            parts=8,
            destination="gs://lake-landing/george_herman_and_galloway/order_lines/latam",
        )
        step_5 = LoadStep(
            task_id="step_5",
            part=5,
            parts=8,
            destination="gs://lake-landing/george_herman_and_galloway/order_lines/latam",
        )
        step_6 = LoadStep(
            task_id="step_6",
            part=6,
            parts=8,
            destination="gs://lake-landing/george_herman_and_galloway/order_lines/latam",
        )
        step_7 = LoadStep(
            task_id="step_7",
            part=7,
            parts=8,
            destination="gs://lake-landing/george_herman_and_galloway/order_lines/latam",
        )
        step_8 = LoadStep(
            task_id="step_8",
            part=8,
            parts=8,
            destination="gs://lake-landing/george_herman_and_galloway/order_lines/latam",
        )
        end = EmptyOperator(task_id="end")
        chain(
            start,
            preconditions,
            [step_1, step_2, step_3, step_4, step_5, step_6, step_7, step_8],
            end,
        )

if WANTED in (None, "henderson_ltd_store_visits_latam"):
    with DAG(
        dag_id="henderson_ltd_store_visits_latam",
        dag_display_name="Henderson Ltd: store visits (LATAM)",
        description="Store visits that Henderson Ltd delivers for LATAM: what is new since the last run.",
        doc_md="Loads `henderson-ltd-latam/store_visits/*.parquet` into `gs://lake-landing/henderson_ltd/store_visits/latam`; ask `data-platform@airflow-workbook.example`.",
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
            bucket="henderson-ltd-latam",
            pattern="store_visits/*.parquet",
        )
        step_1 = LoadStep(
            task_id="step_1",
            part=1,
            parts=4,
            destination="gs://lake-landing/henderson_ltd/store_visits/latam",
        )
        step_2 = LoadStep(
            task_id="step_2",
            part=2,
            parts=4,
            destination="gs://lake-landing/henderson_ltd/store_visits/latam",
        )
        step_3 = LoadStep(
            task_id="step_3",
            part=3,
            parts=4,
            destination="gs://lake-landing/henderson_ltd/store_visits/latam",
        )
        step_4 = LoadStep(
            task_id="step_4",
            part=4,
            parts=4,
            destination="gs://lake-landing/henderson_ltd/store_visits/latam",
        )
        end = EmptyOperator(task_id="end")
        start >> preconditions >> step_1 >> step_2 >> step_3 >> step_4 >> end

if WANTED in (None, "martin_inc_campaigns_mena"):
    with DAG(
        dag_id="martin_inc_campaigns_mena",
        dag_display_name="Martin Inc: campaigns (MENA)",
        description="Campaigns that Martin Inc delivers for MENA: what is new since the last run.",
        doc_md="Loads `martin-inc-mena/campaigns/*.json` into `abfss://curated/martin_inc/campaigns/mena`; ask `finance-data@airflow-workbook.example`.",
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
            bucket="martin-inc-mena",
            pattern="campaigns/*.json",
        )
        step_1 = LoadStep(
            task_id="step_1",
            part=1,
            parts=8,
            destination="abfss://curated/martin_inc/campaigns/mena",
        )
        step_2 = LoadStep(
            task_id="step_2",
            part=2,
            parts=8,
            destination="abfss://curated/martin_inc/campaigns/mena",
        )
        step_3 = LoadStep(
            task_id="step_3",
            part=3,
            parts=8,
            destination="abfss://curated/martin_inc/campaigns/mena",
        )
        step_4 = LoadStep(
            task_id="step_4",
            part=4,
            parts=8,
            destination="abfss://curated/martin_inc/campaigns/mena",
        )
        step_5 = LoadStep(
            task_id="step_5",
            part=5,
            parts=8,
            destination="abfss://curated/martin_inc/campaigns/mena",
        )
        step_6 = LoadStep(
            task_id="step_6",
            part=6,
            parts=8,
            destination="abfss://curated/martin_inc/campaigns/mena",
        )
        step_7 = LoadStep(
            task_id="step_7",
            part=7,
            parts=8,
            destination="abfss://curated/martin_inc/campaigns/mena",
        )
        step_8 = LoadStep(
            task_id="step_8",
            part=8,
            parts=8,
            destination="abfss://curated/martin_inc/campaigns/mena",
        )
        end = EmptyOperator(task_id="end")
        chain(
            start,
            preconditions,
            step_1,
            step_2,
            step_3,
            step_4,
            step_5,
            step_6,
            step_7,
            step_8,
            end,
        )

if WANTED in (None, "murphy_farmer_store_visits_apac"):
    with DAG(
        dag_id="murphy_farmer_store_visits_apac",
        dag_display_name="Murphy-Farmer: store visits (APAC)",
        description="Store visits that Murphy-Farmer delivers for APAC: what is new since the last run.",
        doc_md="Loads `murphy-farmer-apac/store_visits/*.parquet` into `abfss://curated/murphy_farmer/store_visits/apac`; ask `partner-feeds@airflow-workbook.example`.",
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
            bucket="murphy-farmer-apac",
            pattern="store_visits/*.parquet",
        )
        step_1 = LoadStep(
            task_id="step_1",
            part=1,
            parts=8,
            destination="abfss://curated/murphy_farmer/store_visits/apac",
        )
        step_2 = LoadStep(
            task_id="step_2",
            part=2,
            parts=8,
            destination="abfss://curated/murphy_farmer/store_visits/apac",
        )
        step_3 = LoadStep(
            task_id="step_3",
            part=3,
            parts=8,
            destination="abfss://curated/murphy_farmer/store_visits/apac",
        )
        step_4 = LoadStep(
            task_id="step_4",
            part=4,
            parts=8,
            destination="abfss://curated/murphy_farmer/store_visits/apac",
        )
        step_5 = LoadStep(
            task_id="step_5",
            part=5,
            parts=8,
            destination="abfss://curated/murphy_farmer/store_visits/apac",
        )
        step_6 = LoadStep(
            task_id="step_6",
            part=6,
            parts=8,
            destination="abfss://curated/murphy_farmer/store_visits/apac",
        )
        step_7 = LoadStep(
            task_id="step_7",
            part=7,
            parts=8,
            destination="abfss://curated/murphy_farmer/store_visits/apac",
        )
        step_8 = LoadStep(
            task_id="step_8",
            part=8,
            parts=8,
            destination="abfss://curated/murphy_farmer/store_visits/apac",
        )
        end = EmptyOperator(task_id="end")
        chain(
            start,
            preconditions,
            step_1,
            step_2,
            step_3,
            step_4,
            step_5,
            step_6,
            step_7,
            step_8,
            end,
        )

if WANTED in (None, "schultz_webster_sensor_readings_us"):
    with DAG(
        dag_id="schultz_webster_sensor_readings_us",
        dag_display_name="Schultz-Webster: sensor readings (US)",
        description="Sensor readings that Schultz-Webster delivers for US: what is new since the last run.",
        doc_md="Loads `schultz-webster-us/sensor_readings/*.parquet` into `s3://warehouse-raw/schultz_webster/sensor_readings/us`; ask `supply-chain@airflow-workbook.example`.",
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
            bucket="schultz-webster-us",
            pattern="sensor_readings/*.parquet",
        )
        step_1 = LoadStep(
            task_id="step_1",
            part=1,
            parts=4,
            destination="s3://warehouse-raw/schultz_webster/sensor_readings/us",
        )
        step_2 = LoadStep(
            task_id="step_2",
            part=2,
            parts=4,
            destination="s3://warehouse-raw/schultz_webster/sensor_readings/us",
        )
        step_3 = LoadStep(
            task_id="step_3",
            part=3,
            parts=4,
            destination="s3://warehouse-raw/schultz_webster/sensor_readings/us",
        )
        step_4 = LoadStep(
            task_id="step_4",
            part=4,
            parts=4,
            destination="s3://warehouse-raw/schultz_webster/sensor_readings/us",
        )
        end = EmptyOperator(task_id="end")
        start >> preconditions >> step_1 >> step_2 >> step_3 >> step_4 >> end
