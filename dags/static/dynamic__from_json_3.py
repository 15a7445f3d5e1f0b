# Frozen by dagfreeze from dynamic/from_json.py: change that file and freeze again; changes made here are lost.
# Shard 3 of 4, with the DAGs
#   fischer_coffey_customers_mena
#   foster_butler_and_lawrence_store_visits_mena
#   gilbert_ryan_and_hernandez_exchange_rates_us
#   humphrey_llc_meter_readings_latam
#   owens_walker_and_perez_payments_latam
#   robinson_howard_and_lowe_sessions_apac
#   white_francis_and_smith_leads_eu

from datetime import UTC, datetime

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, get_parsing_context

from pipelines.operators import CheckSource, LoadStep

# A task that starts names the one DAG that it needs; the DAG processor names none and gets them all.
WANTED = get_parsing_context().dag_id

if WANTED in (None, "fischer_coffey_customers_mena"):
    with DAG(
        dag_id="fischer_coffey_customers_mena",
        dag_display_name="Fischer-Coffey: customers (MENA)",
        description="Customers that Fischer-Coffey delivers for MENA: what is new since the last run.",
        doc_md="Loads `fischer-coffey-mena/customers/*.parquet` into `abfss://curated/fischer_coffey/customers/mena`; ask `partner-feeds@airflow-workbook.example`.",
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
            bucket="fischer-coffey-mena",
            pattern="customers/*.parquet",
        )
        step_1 = LoadStep(
            task_id="step_1",
            part=1,
            parts=3,
            destination="abfss://curated/fischer_coffey/customers/mena",
        )
        step_2 = LoadStep(
            task_id="step_2",
            part=2,
            parts=3,
            destination="abfss://curated/fischer_coffey/customers/mena",
        )
        step_3 = LoadStep(
            task_id="step_3",
            part=3,
            parts=3,
            destination="abfss://curated/fischer_coffey/customers/mena",
        )
        end = EmptyOperator(task_id="end")
        start >> preconditions >> step_1 >> step_2 >> step_3 >> end

if WANTED in (None, "foster_butler_and_lawrence_store_visits_mena"):
    with DAG(
        dag_id="foster_butler_and_lawrence_store_visits_mena",
        dag_display_name="Foster, Butler and Lawrence: store visits (MENA)",
        description="Store visits that Foster, Butler and Lawrence delivers for MENA: all of them, every time.",
        doc_md="Loads `foster-butler-and-lawrence-mena/store_visits/*.parquet` into `gs://lake-landing/foster_butler_and_lawrence/store_visits/mena`; ask `supply-chain@airflow-workbook.example`.",
        schedule=None,
        start_date=datetime(2026, 1, 1, tzinfo=UTC),
        catchup=False,
        default_args={"owner": "supply-chain@airflow-workbook.example"},
        owner_links={
            "supply-chain@airflow-workbook.example": "mailto:supply-chain@airflow-workbook.example",
        },
        tags=["pipelines", "full"],
    ):
        start = EmptyOperator(task_id="start")
        preconditions = CheckSource(
            task_id="preconditions",
            bucket="foster-butler-and-lawrence-mena",
            pattern="store_visits/*.parquet",
        )
        step_1 = LoadStep(
            task_id="step_1",
            part=1,
            parts=4,
            destination="gs://lake-landing/foster_butler_and_lawrence/store_visits/mena",
        )
        step_2 = LoadStep(
            task_id="step_2",
            part=2,
            parts=4,
            destination="gs://lake-landing/foster_butler_and_lawrence/store_visits/mena",
        )
        step_3 = LoadStep(
            task_id="step_3",
            part=3,
            parts=4,
            destination="gs://lake-landing/foster_butler_and_lawrence/store_visits/mena",
        )
        step_4 = LoadStep(
            task_id="step_4",
            part=4,
            parts=4,
            destination="gs://lake-landing/foster_butler_and_lawrence/store_visits/mena",
        )
        end = EmptyOperator(task_id="end")
        start >> preconditions >> [step_1, step_2, step_3, step_4] >> end

if WANTED in (None, "gilbert_ryan_and_hernandez_exchange_rates_us"):
    with DAG(
        dag_id="gilbert_ryan_and_hernandez_exchange_rates_us",
        dag_display_name="Gilbert, Ryan and Hernandez: exchange rates (US)",
        description="Exchange rates that Gilbert, Ryan and Hernandez delivers for US: all of them, every time.",
        doc_md="Loads `gilbert-ryan-and-hernandez-us/exchange_rates/*.csv` into `abfss://curated/gilbert_ryan_and_hernandez/exchange_rates/us`; ask `data-platform@airflow-workbook.example`.",
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
            bucket="gilbert-ryan-and-hernandez-us",
            pattern="exchange_rates/*.csv",
        )
        step_1 = LoadStep(
            task_id="step_1",
            part=1,
            parts=1,
            destination="abfss://curated/gilbert_ryan_and_hernandez/exchange_rates/us",
        )
        end = EmptyOperator(task_id="end")
        start >> preconditions >> step_1 >> end

if WANTED in (None, "humphrey_llc_meter_readings_latam"):
    with DAG(
        dag_id="humphrey_llc_meter_readings_latam",
        dag_display_name="Humphrey LLC: meter readings (LATAM)",
        description="Meter readings that Humphrey LLC delivers for LATAM: what is new since the last run.",
        doc_md="Loads `humphrey-llc-latam/meter_readings/*.csv` into `abfss://curated/humphrey_llc/meter_readings/latam`; ask `finance-data@airflow-workbook.example`.",
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
            bucket="humphrey-llc-latam",
            pattern="meter_readings/*.csv",
        )
        step_1 = LoadStep(
            task_id="step_1",
            part=1,
            parts=4,
            destination="abfss://curated/humphrey_llc/meter_readings/latam",
        )
        step_2 = LoadStep(
            task_id="step_2",
            part=2,
            parts=4,
            destination="abfss://curated/humphrey_llc/meter_readings/latam",
        )
        step_3 = LoadStep(
            task_id="step_3",
            part=3,
            parts=4,
            destination="abfss://curated/humphrey_llc/meter_readings/latam",
        )
        step_4 = LoadStep(
            task_id="step_4",
            part=4,
            parts=4,
            destination="abfss://curated/humphrey_llc/meter_readings/latam",
        )
        end = EmptyOperator(task_id="end")
        start >> preconditions >> step_1 >> step_2 >> step_3 >> step_4 >> end

if WANTED in (None, "owens_walker_and_perez_payments_latam"):
    with DAG(
        dag_id="owens_walker_and_perez_payments_latam",
        dag_display_name="Owens, Walker and Perez: payments (LATAM)",
        description="Payments that Owens, Walker and Perez delivers for LATAM: all of them, every time.",
        doc_md="Loads `owens-walker-and-perez-latam/payments/*.json` into `gs://lake-landing/owens_walker_and_perez/payments/latam`; ask `data-platform@airflow-workbook.example`.",
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
            bucket="owens-walker-and-perez-latam",
            pattern="payments/*.json",
        )
        step_1 = LoadStep(
            task_id="step_1",
            part=1,
            parts=4,
            destination="gs://lake-landing/owens_walker_and_perez/payments/latam",
        )
        step_2 = LoadStep(
            task_id="step_2",
            part=2,
            parts=4,
            destination="gs://lake-landing/owens_walker_and_perez/payments/latam",
        )
        step_3 = LoadStep(
            task_id="step_3",
            part=3,
            parts=4,
            destination="gs://lake-landing/owens_walker_and_perez/payments/latam",
        )
        step_4 = LoadStep(
            task_id="step_4",
            part=4,
            parts=4,
            destination="gs://lake-landing/owens_walker_and_perez/payments/latam",
        )
        end = EmptyOperator(task_id="end")
        start >> preconditions >> [step_1, step_2, step_3, step_4] >> end

if WANTED in (None, "robinson_howard_and_lowe_sessions_apac"):
    with DAG(
        dag_id="robinson_howard_and_lowe_sessions_apac",
        dag_display_name="Robinson, Howard and Lowe: sessions (APAC)",
        description="Sessions that Robinson, Howard and Lowe delivers for APAC: all of them, every time.",
        doc_md="Loads `robinson-howard-and-lowe-apac/sessions/*.json.gz` into `s3://warehouse-raw/robinson_howard_and_lowe/sessions/apac`; ask `data-platform@airflow-workbook.example`.",
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
            bucket="robinson-howard-and-lowe-apac",
            pattern="sessions/*.json.gz",
        )
        step_1 = LoadStep(
            task_id="step_1",
            part=1,
            parts=4,
            destination="s3://warehouse-raw/robinson_howard_and_lowe/sessions/apac",
        )
        step_2 = LoadStep(
            task_id="step_2",
            part=2,
            parts=4,
            destination="s3://warehouse-raw/robinson_howard_and_lowe/sessions/apac",
        )
        step_3 = LoadStep(
            task_id="step_3",
            part=3,
            parts=4,
            destination="s3://warehouse-raw/robinson_howard_and_lowe/sessions/apac",
        )
        step_4 = LoadStep(
            task_id="step_4",
            part=4,
            parts=4,
            destination="s3://warehouse-raw/robinson_howard_and_lowe/sessions/apac",
        )
        end = EmptyOperator(task_id="end")
        start >> preconditions >> [step_1, step_2, step_3, step_4] >> end

if WANTED in (None, "white_francis_and_smith_leads_eu"):
    with DAG(
        dag_id="white_francis_and_smith_leads_eu",
        dag_display_name="White, Francis and Smith: leads (EU)",
        description="Leads that White, Francis and Smith delivers for EU: what is new since the last run.",
        doc_md="Loads `white-francis-and-smith-eu/leads/*.csv` into `s3://warehouse-raw/white_francis_and_smith/leads/eu`; ask `marketing-data@airflow-workbook.example`.",
        schedule=None,
        start_date=datetime(2026, 1, 1, tzinfo=UTC),
        catchup=False,
        default_args={"owner": "marketing-data@airflow-workbook.example"},
        owner_links={
            "marketing-data@airflow-workbook.example": "mailto:marketing-data@airflow-workbook.example",
        },
        tags=["pipelines", "incremental"],
    ):
        start = EmptyOperator(task_id="start")
        preconditions = CheckSource(
            task_id="preconditions",
            bucket="white-francis-and-smith-eu",
            pattern="leads/*.csv",
        )
        step_1 = LoadStep(
            task_id="step_1",
            part=1,
            parts=3,
            destination="s3://warehouse-raw/white_francis_and_smith/leads/eu",
        )
        step_2 = LoadStep(
            task_id="step_2",
            part=2,
            parts=3,
            destination="s3://warehouse-raw/white_francis_and_smith/leads/eu",
        )
        step_3 = LoadStep(
            task_id="step_3",
            part=3,
            parts=3,
            destination="s3://warehouse-raw/white_francis_and_smith/leads/eu",
        )
        end = EmptyOperator(task_id="end")
        start >> preconditions >> step_1 >> step_2 >> step_3 >> end
