"""Makes a DAG of each kind, for the shops of `shops.json`; `test_running.py` runs them, and what they become frozen.

Whatever they return depends on the configuration, the logical date and the run's configuration only.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.python import (
    BranchPythonOperator,
    PythonOperator,
    ShortCircuitOperator,
)
from airflow.providers.standard.sensors.date_time import DateTimeSensorAsync
from airflow.providers.standard.sensors.python import PythonSensor
from airflow.providers.standard.triggers.temporal import DateTimeTrigger
from airflow.sdk import (
    DAG,
    Asset,
    BaseNotifier,
    BaseOperator,
    Context,
    Label,
    Metadata,
    Param,
    PokeReturnValue,
    TaskGroup,
    TriggerRule,
    chain,
    dag,
    get_current_context,
    setup,
    task,
    task_group,
    teardown,
)
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

HERE = Path(__file__).parent
SHOPS = json.loads((HERE / "shops.json").read_text())
PAST = datetime(2020, 2, 29, 12, tzinfo=UTC)
STOCK = Asset("stock", uri="s3://shops/stock", extra={"kept": "in the south"})

Maker = Callable[[str, str], Any]
MAKERS: list[Maker] = []


def kind(maker: Maker) -> Maker:
    """Have a DAG of this kind made."""
    MAKERS.append(maker)
    return maker


def rate_of(shop: str) -> int:
    return int(SHOPS[shop]["rate"])


# ── operators ────────────────────────────────────────────────────────────────────────────────────────────────


@kind
def bash(name: str, shop: str) -> None:
    with DAG(
        name, schedule=None, default_args={"env": {"SHOP": shop, "DAY": "{{ ds }}"}, "append_env": True}
    ):
        count = BashOperator(
            task_id="count",
            bash_command="for n in {{ params.numbers | join(' ') }}; do last=$n; done; echo $last from the $SHOP",
            params={"numbers": [1, 2, rate_of(shop)]},
        )
        tell = BashOperator(
            task_id="tell",
            bash_command='echo "{{ ti.xcom_pull(task_ids="count") }} on $DAY"',
            output_processor=lambda text: {"text": text, "rate": rate_of(shop)},
            priority_weight=7,
        )
        count >> tell >> BashOperator(task_id="skip", bash_command="exit 99")


@kind
def python(name: str, shop: str) -> None:
    rates = {other: values["rate"] for other, values in SHOPS.items()}

    def prices(amount: int, *, rate: int = rates[shop], day: str, **context: Any) -> dict[str, Any]:
        context["ti"].xcom_push("asked", {"by": context["dag_run"].conf["who"], "shop": shop})
        return {"price": amount * rate, "day": day, "of": context["task"].task_id}

    with DAG(name, schedule=None):
        price: Any = PythonOperator(
            task_id="price",
            python_callable=prices,
            op_args=[11],
            op_kwargs={"day": "{{ ds_nodash }}"},
            multiple_outputs=True,
        )
        PythonOperator(
            task_id="sums",
            python_callable=partial(weighted, rates),
            op_kwargs={"price": price.output["price"]},
            templates_dict={"asked": "{{ ti.xcom_pull(task_ids='price', key='asked')['by'] }}"},
        )


def weighted(rates: dict[str, int], *, price: int, templates_dict: dict[str, str]) -> list[Any]:
    return [templates_dict["asked"], *sorted(rate * price for rate in rates.values())]


class Priced(BaseOperator):
    """What several operators of this file share."""

    template_fields: Sequence[str] = ("goods", "labels")
    template_fields_renderers: ClassVar[dict[str, str]] = {"labels": "json"}
    factor = 2

    def __init__(self, *, goods: list[str], labels: dict[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.goods = goods
        self.labels = labels or {}

    def price(self, good: str) -> int:
        return len(good) * self.factor

    def execute(self, context: Context) -> dict[str, int]:
        return {good: self.price(good) for good in self.goods}


class Discounted(Priced):
    factor = 10

    def price(self, good: str) -> int:
        return super().price(good) - len(SHOPS)

    def post_execute(self, context: Context, result: Any = None) -> None:
        context["ti"].xcom_push("labels", self.labels)


@kind
def operator_of_the_file(name: str, shop: str) -> None:
    goods = SHOPS[shop]["goods"]
    with DAG(name, schedule=None):
        Priced(task_id="priced", goods=goods) >> Discounted(
            task_id="discounted", goods=[*goods, "{{ dag.dag_id }}"], labels={"at": "{{ ds }}", "shop": shop}
        )


# ── TaskFlow and mapping ─────────────────────────────────────────────────────────────────────────────────────


@kind
def taskflow(name: str, shop: str) -> None:
    @dag(dag_id=name, schedule=None)
    def flow(amount: int = rate_of(shop)) -> None:
        @task(multiple_outputs=True)
        def split(amount: int) -> dict[str, int]:
            return {"half": amount // 2, "rest": amount - amount // 2}

        @task
        def join(half: int, rest: int, ds: Any = None, *, sign: str = "+") -> str:
            return f"{half}{sign}{rest} in the {shop} on {ds}"

        @task.bash
        def say(text: Any) -> str:
            return f"echo '{text}!'"

        parts: Any = split(amount)
        say(join.override(task_id="together")(parts["half"], parts["rest"], sign=" and "))

    flow()


@kind
def mapped(name: str, shop: str) -> None:
    with DAG(name, schedule=None):

        @task
        def goods() -> list[str]:
            return list(SHOPS[shop]["goods"])

        @task(map_index_template="{{ the_good }}")
        def weigh(good: str, per: int) -> int:
            get_current_context()["the_good"] = f"{good} by {per}"  # type: ignore[typeddict-unknown-key]
            if good.startswith("p"):
                raise AirflowSkipException("none today")
            return len(good) * per

        @task(trigger_rule=TriggerRule.ALL_DONE)
        def total(weights: Any) -> list[int]:
            return sorted(weights)

        stock = goods()
        weights = weigh.partial(per=rate_of(shop)).expand(good=stock)
        total(weights)
        BashOperator.partial(
            task_id="say", map_index_template="{{ task.bash_command }}", env={"SHOP": shop}
        ).expand(bash_command=stock.map(lambda good: f"echo {good.upper()} of the $SHOP"))


@kind
def mapped_groups(name: str, shop: str) -> None:
    with DAG(name, schedule=None):

        @task_group
        def each(good: str, place: str) -> Any:
            @task
            def measure(good: str) -> int:
                return len(good)

            return label(measure(good), place)

        @task
        def label(length: Any, place: str) -> str:
            return f"{length} for the {place}"

        PythonOperator(
            task_id="all",
            python_callable=sorted,
            op_args=[each.partial(place=shop).expand(good=["fig", "date"])],
        )


# ── order, branches, failures ────────────────────────────────────────────────────────────────────────────────


@kind
def groups(name: str, shop: str) -> None:
    settings: Any = {"env": {"SHOP": shop}}
    with DAG(name, schedule=None):
        begin = BashOperator(task_id="begin", bash_command="echo begin")
        with TaskGroup("outer", default_args=settings) as outer:
            with TaskGroup("inner", prefix_group_id=False) as inner:
                for good in SHOPS[shop]["goods"]:
                    BashOperator(task_id=f"take_{good}", bash_command=f"echo {good} of the $SHOP")
            inner >> Label("counted") >> PythonOperator(task_id="count", python_callable=upstream)
        chain(begin, outer, PythonOperator(task_id="end", python_callable=upstream))


def upstream(**context: Any) -> list[str]:
    return sorted(context["task"].upstream_task_ids)


@kind
def branches(name: str, shop: str) -> None:
    with DAG(name, schedule=None):

        @task.branch
        def choose(dag_run: Any = None) -> list[str]:
            return ["dear" if dag_run.conf["amount"] * rate_of(shop) > 10 else "cheap", "always"]

        @task(trigger_rule=TriggerRule.NONE_FAILED_MIN_ONE_SUCCESS)
        def after(ti: Any = None) -> Any:
            return ti.xcom_pull(task_ids=["dear", "cheap", "always"])

        ways = [BashOperator(task_id=way, bash_command=f"echo {way}") for way in ("dear", "cheap", "always")]
        choose() >> ways >> after()
        again = BranchPythonOperator(task_id="again", python_callable=lambda: f"{shop}_way")
        for other in SHOPS:
            ways[2] >> again >> PythonOperator(task_id=f"{other}_way", python_callable=lambda o=other: o)


@kind
def set_up_and_torn_down(name: str, shop: str) -> None:
    with DAG(name, schedule=None):

        @setup
        def rent() -> str:
            return f"stall of the {shop}"

        @teardown
        def leave(stall: str) -> str:
            return f"left the {stall}"

        @task
        def sell() -> None:
            raise AirflowFailException(f"nobody buys in the {shop}")

        with leave(rent()):
            sell() >> BashOperator(task_id="count", bash_command="echo never")


@kind
def again(name: str, shop: str) -> None:
    """Tries, short circuits and skips."""
    with DAG(name, schedule=None, default_args={"retries": 2, "retry_delay": timedelta(0)}):

        @task
        def open_late(ti: Any = None) -> str:
            if ti.try_number < 3:
                raise RuntimeError(f"closed at {ti.try_number}")
            return f"the {shop} opened at {ti.try_number}"

        stop = ShortCircuitOperator(
            task_id="stop", python_callable=lambda: len(shop) > 5, ignore_downstream_trigger_rules=False
        )
        last = BashOperator(task_id="last", bash_command="echo last", trigger_rule=TriggerRule.ALL_DONE)
        open_late() >> stop >> BashOperator(task_id="never", bash_command="echo never") >> last

        @task.run_if(lambda context: context["params"]["open"], skip_message="closed")
        @task(params={"open": False})
        def only_if_open() -> str:
            return shop

        only_if_open()


# ── waiting ──────────────────────────────────────────────────────────────────────────────────────────────────


class Patient(BaseOperator):
    """Waits in the triggerer, twice."""

    def __init__(self, *, shop: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.shop = shop

    def execute(self, context: Context) -> None:
        self.defer(trigger=DateTimeTrigger(PAST), method_name="half", kwargs={"waited": [self.shop]})

    def half(self, context: Context, event: datetime, waited: list[str]) -> None:
        trigger = DateTimeTrigger(event - timedelta(days=1))
        self.defer(trigger=trigger, method_name=self.over.__name__, kwargs={"waited": [*waited, str(event)]})

    def over(self, context: Context, event: datetime, waited: list[str]) -> list[str]:
        return [*waited, str(event)]


@kind
def waiting(name: str, shop: str) -> None:
    with DAG(name, schedule=None):
        Patient(task_id="patient", shop=shop)
        DateTimeSensorAsync(task_id="sensor", target_time="{{ logical_date }}")
        DateTimeSensorAsync(
            task_id="only_in_the_triggerer",
            target_time="{{ ds }}",
            start_from_trigger=True,
            end_from_trigger=True,
        )
        PythonSensor(task_id="look", python_callable=lambda: PokeReturnValue(True, f"seen in the {shop}"))


# ── parameters, callbacks, assets ────────────────────────────────────────────────────────────────────────────


@kind
def params_and_templates(name: str, shop: str) -> None:
    with DAG(
        name,
        schedule=None,
        params={"who": Param("nobody", type="string"), "amount": Param(1, type="integer", minimum=0)},
        user_defined_macros={"rate": rate_of(shop)},
        user_defined_filters={"twice": lambda number: number * 2},
    ):
        BashOperator(task_id="report", bash_command="templates/report.sh")
        BashOperator(
            task_id="place", bash_command='basename "$SHOPS"', env={"SHOPS": str(HERE / "shops.json")}
        )
    with DAG(
        f"{name}_native",
        schedule=None,
        render_template_as_native_obj=True,
        template_searchpath=[str(HERE / "templates")],
    ):
        PythonOperator(
            task_id="native",
            python_callable=lambda amount, conf: [amount + 1, sorted(conf), shop],
            op_kwargs={"amount": "{{ dag_run.conf['amount'] }}", "conf": "{{ dag_run.conf }}"},
        )
        BashOperator(task_id="searched", bash_command="head.sh")


def note(about: str, context: Context, *, more: str = "") -> None:
    """Leave a file in the folder that the run's configuration names."""
    run: Any = context["dag_run"]
    ti = context["ti"]
    line = f"{about} of {ti.task_id} at {ti.try_number}: {context.get('exception') or context.get('reason')}{more}"
    Path(run.conf["notes"], f"{ti.dag_id} {about}").write_text(line)


class Bell(BaseNotifier):
    template_fields = ("message",)

    def __init__(self, message: str, *, about: str) -> None:
        super().__init__()
        self.message, self.about = message, about

    def notify(self, context: Context) -> None:
        note(self.about, context, more=f", {self.message}")


@kind
def callbacks(name: str, shop: str) -> None:
    with DAG(name, schedule=None, on_failure_callback=partial(note, "end", more=f" in the {shop}")):
        BashOperator(
            task_id="good",
            bash_command="echo good",
            on_execute_callback=lambda context: note("start", context),
            on_success_callback=[partial(note, "success"), Bell("on {{ ds }}", about="bell")],
        )
        BashOperator(
            task_id="bad",
            bash_command="exit 3",
            retries=1,
            retry_delay=timedelta(0),
            on_retry_callback=partial(note, "retry"),
            on_failure_callback=Bell(f"{shop} at {{{{ ds }}}}", about="failure"),
        )
        BashOperator(
            task_id="none", bash_command="exit 99", on_skipped_callback=lambda context: note("skip", context)
        )
    with DAG(
        f"{name}_of_a_success",
        schedule=None,
        on_success_callback=lambda context: note("end", context, more=f", in the {shop}"),
    ):
        PythonOperator(task_id="good", python_callable=lambda: shop)


@kind
def assets(name: str, shop: str) -> None:
    with DAG(name, schedule=None):

        @task(outlets=[STOCK])
        def fill(*, outlet_events: Any = None) -> list[str]:
            outlet_events[STOCK].extra = {"goods": SHOPS[shop]["goods"]}
            return list(SHOPS[shop]["goods"])

        @task(outlets=[Asset("sold")], inlets=[STOCK])
        def sell(*, inlet_events: Any = None) -> Iterator[Metadata]:
            yield Metadata(Asset("sold"), {"sold": inlet_events[STOCK][-1].extra["goods"][0]})

        fill() >> sell()
    with DAG(f"{name}_awaited", schedule=[Asset("sold")]):

        @task
        def take(triggering_asset_events: Any = None) -> list[Any]:
            return [event.extra for events in triggering_asset_events.values() for event in events]

        take()


for number, maker in enumerate(MAKERS):
    maker(maker.__name__, list(SHOPS)[number % len(SHOPS)])
