# Frozen by dagfreeze from dynamic/from_json.py: change that file and freeze again; changes made here are lost.
# Shard 1 of 4, with the DAGs
#   george_herman_and_galloway_invoices_mena
#   johnson_grimes_chargebacks_mena
#   sherman_martin_ledger_entries_uk
#   wilson_odom_and_matthews_survey_answers_latam

from datetime import UTC, datetime

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, chain, get_parsing_context

from pipelines.operators import CheckSource, LoadStep

# A task that starts names the one DAG that it needs; the DAG processor names none and gets them all.
WANTED = get_parsing_context().dag_id

if WANTED in (None, "george_herman_and_galloway_invoices_mena"):
    with DAG(
        dag_id="george_herman_and_galloway_invoices_mena",
        dag_display_name="George, Herman and Galloway: invoices (MENA)",
        description="Invoices that George, Herman and Galloway delivers for MENA: what is new since the last run.",
        doc_md="Loads `george-herman-and-galloway-mena/invoices/*.xml` into `abfss://curated/george_herman_and_galloway/invoices/mena`; ask `marketing-data@airflow-workbook.example`.",
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
            bucket="george-herman-and-galloway-mena",
            pattern="invoices/*.xml",
        )
        step_1 = LoadStep(
            task_id="step_1",
            part=1,
            parts=2,
            destination="abfss://curated/george_herman_and_galloway/invoices/mena",
        )
        step_2 = LoadStep(
            task_id="step_2",
            part=2,
            parts=2,
            destination="abfss://curated/george_herman_and_galloway/invoices/mena",
        )
        end = EmptyOperator(task_id="end")
        start >> preconditions >> step_1 >> step_2 >> end

if WANTED in (None, "johnson_grimes_chargebacks_mena"):
    with DAG(
        dag_id="johnson_grimes_chargebacks_mena",
        dag_display_name="Johnson-Grimes: chargebacks (MENA)",
        description="Chargebacks that Johnson-Grimes delivers for MENA: what is new since the last run.",
        doc_md="Loads `johnson-grimes-mena/chargebacks/*.json` into `abfss://curated/johnson_grimes/chargebacks/mena`; ask `finance-data@airflow-workbook.example`.",
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
            bucket="johnson-grimes-mena",
            pattern="chargebacks/*.json",
        )
        step_1 = LoadStep(
            task_id="step_1",
            part=1,
            parts=4,
            destination="abfss://curated/johnson_grimes/chargebacks/mena",
        )
        step_2 = LoadStep(
            task_id="step_2",
            part=2,
            parts=4,
            destination="abfss://curated/johnson_grimes/chargebacks/mena",
        )
        step_3 = LoadStep(
            task_id="step_3",
            part=3,
            parts=4,
            destination="abfss://curated/johnson_grimes/chargebacks/mena",
        )
        step_4 = LoadStep(
            task_id="step_4",
            part=4,
            parts=4,
            destination="abfss://curated/johnson_grimes/chargebacks/mena",
        )
        end = EmptyOperator(task_id="end")
        start >> preconditions >> step_1 >> step_2 >> step_3 >> step_4 >> end

if WANTED in (None, "sherman_martin_ledger_entries_uk"):
    with DAG(
        dag_id="sherman_martin_ledger_entries_uk",
        dag_display_name="Sherman-Martin: ledger entries (UK)",
        description="Ledger entries that Sherman-Martin delivers for UK: what is new since the last run.",
        doc_md="Loads `sherman-martin-uk/ledger_entries/*.csv` into `s3://finance-mart/sherman_martin/ledger_entries/uk`; ask `supply-chain@airflow-workbook.example`.",
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
            bucket="sherman-martin-uk",
            pattern="ledger_entries/*.csv",
        )
        step_1 = LoadStep(
            task_id="step_1",
            part=1,
            parts=12,
            destination="s3://finance-mart/sherman_martin/ledger_entries/uk",
        )
        step_2 = LoadStep(
            task_id="step_2",
            part=2,
            parts=12,
            destination="s3://finance-mart/sherman_martin/ledger_entries/uk",
        )
        step_3 = LoadStep(
            task_id="step_3",
            part=3,
            parts=12,
            destination="s3://finance-mart/sherman_martin/ledger_entries/uk",
        )
        step_4 = LoadStep(
            task_id="step_4",
            part=4,
            parts=12,
            destination="s3://finance-mart/sherman_martin/ledger_entries/uk",
        )
        step_5 = LoadStep(
            task_id="step_5",
            part=5,
            parts=12,
            destination="s3://finance-mart/sherman_martin/ledger_entries/uk",
        )
        step_6 = LoadStep(
            task_id="step_6",
            part=6,
            parts=12,
            destination="s3://finance-mart/sherman_martin/ledger_entries/uk",
        )
        step_7 = LoadStep(
            task_id="step_7",
            part=7,
            parts=12,
            destination="s3://finance-mart/sherman_martin/ledger_entries/uk",
        )
        step_8 = LoadStep(
            task_id="step_8",
            part=8,
            parts=12,
            destination="s3://finance-mart/sherman_martin/ledger_entries/uk",
        )
        step_9 = LoadStep(
            task_id="step_9",
            part=9,
            parts=12,
            destination="s3://finance-mart/sherman_martin/ledger_entries/uk",
        )
        step_10 = LoadStep(
            task_id="step_10",
            part=10,
            parts=12,
            destination="s3://finance-mart/sherman_martin/ledger_entries/uk",
        )
        step_11 = LoadStep(
            task_id="step_11",
            part=11,
            parts=12,
            destination="s3://finance-mart/sherman_martin/ledger_entries/uk",
        )
        step_12 = LoadStep(
            task_id="step_12",
            part=12,
            parts=12,
            destination="s3://finance-mart/sherman_martin/ledger_entries/uk",
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
            step_9,
            step_10,
            step_11,
            step_12,
            end,
        )

if WANTED in (None, "wilson_odom_and_matthews_survey_answers_latam"):
    with DAG(
        dag_id="wilson_odom_and_matthews_survey_answers_latam",
        dag_display_name="Wilson, Odom and Matthews: survey answers (LATAM)",
        description="Survey answers that Wilson, Odom and Matthews delivers for LATAM: all of them, every time.",
        doc_md="Loads `wilson-odom-and-matthews-latam/survey_answers/*.csv` into `s3://finance-mart/wilson_odom_and_matthews/survey_answers/latam`; ask `marketing-data@airflow-workbook.example`.",
        schedule=None,
        start_date=datetime(2026, 1, 1, tzinfo=UTC),
        catchup=False,
        default_args={"owner": "marketing-data@airflow-workbook.example"},
        owner_links={
            "marketing-data@airflow-workbook.example": "mailto:marketing-data@airflow-workbook.example",
        },
        tags=["pipelines", "full"],
    ):
        start = EmptyOperator(task_id="start")
        preconditions = CheckSource(
            task_id="preconditions",
            bucket="wilson-odom-and-matthews-latam",
            pattern="survey_answers/*.csv",
        )
        step_1 = LoadStep(
            task_id="step_1",
            part=1,
            parts=4,
            destination="s3://finance-mart/wilson_odom_and_matthews/survey_answers/latam",
        )
        step_2 = LoadStep(
            task_id="step_2",
            part=2,
            parts=4,
            destination="s3://finance-mart/wilson_odom_and_matthews/survey_answers/latam",
        )
        step_3 = LoadStep(
            task_id="step_3",
            part=3,
            parts=4,
            destination="s3://finance-mart/wilson_odom_and_matthews/survey_answers/latam",
        )
        step_4 = LoadStep(
            task_id="step_4",
            part=4,
            parts=4,
            destination="s3://finance-mart/wilson_odom_and_matthews/survey_answers/latam",
        )
        end = EmptyOperator(task_id="end")
        start >> preconditions >> [step_1, step_2, step_3, step_4] >> end
