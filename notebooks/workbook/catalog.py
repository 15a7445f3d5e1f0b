"""Makes any number of believable pipelines from a seed, and lays out the DAG folders of act 1."""

from __future__ import annotations

import functools
import json
import random
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal

from faker import Faker

from pipelines.config import PipelineConfig
from workbook.workspace import DAGS

SEED = 2026
COMMITTED = 24
"""As many of the pipelines are committed, as ``dags/catalog``."""

FACTORIES = ("from_service", "from_json", "from_json5", "file_per_dag", "parsing_context")

_FEEDS = {  # what a partner delivers, and the files it comes in
    "orders": "*.csv",
    "order_lines": "*.csv",
    "returns": "*.csv",
    "refunds": "*.csv",
    "invoices": "*.xml",
    "payments": "*.json",
    "chargebacks": "*.json",
    "customers": "*.parquet",
    "subscriptions": "*.parquet",
    "sessions": "*.json.gz",
    "clicks": "*.json.gz",
    "impressions": "*.json.gz",
    "stock_levels": "*.csv",
    "price_lists": "*.xlsx",
    "products": "*.json",
    "shipments": "*.xml",
    "tracking_events": "*.json.gz",
    "deliveries": "*.csv",
    "sensor_readings": "*.parquet",
    "meter_readings": "*.csv",
    "claims": "*.xml",
    "policies": "*.xml",
    "bookings": "*.json",
    "timetables": "*.csv",
    "exchange_rates": "*.csv",
    "ledger_entries": "*.csv",
    "support_tickets": "*.json",
    "survey_answers": "*.csv",
    "campaigns": "*.json",
    "leads": "*.csv",
    "loyalty_points": "*.parquet",
    "store_visits": "*.parquet",
}
_REGIONS = ("us", "eu", "uk", "apac", "latam", "mena")
_STORES = ("s3://warehouse-raw", "gs://lake-landing", "s3://finance-mart", "abfss://curated")
_TEAMS = ("data-platform", "finance-data", "marketing-data", "supply-chain", "partner-feeds")
_PARTNERS = 640


def configurations(count: int, seed: int = SEED) -> list[PipelineConfig]:
    """Make pipelines that could be somebody's: partners, feeds, buckets, destinations, owners.

    Args:
        count: how many, up to 100,000. Fewer are always the first of more.
        seed: the same seed makes the same pipelines, to the byte.

    Returns:
        Pipelines with ids that are unique whatever their number, some full and some incremental, with 4 steps on
        average.
    """
    limit = _PARTNERS * len(_FEEDS) * len(_REGIONS)
    if not 0 <= count <= limit:
        raise ValueError(f"count is {count}; it can be from 0 to {limit:,}")
    chance = random.Random(seed)
    partners = _partners(seed)
    configs: dict[str, PipelineConfig] = {}
    while len(configs) < count:
        config = _configuration(chance, chance.choice(partners))
        configs.setdefault(config.id, config)
    return list(configs.values())


def first_with_one_step(count: int, seed: int) -> list[PipelineConfig]:
    """Make the same pipelines as `configurations`, the first of them with a single step."""
    first, *others = configurations(count, seed)
    return [first.model_copy(update={"steps": 1}), *others]


def write_catalog(
    folder: Path, configs: Iterable[PipelineConfig], suffix: Literal[".json", ".json5"] = ".json"
) -> None:
    """Write one file for each pipeline, named by its id.

    Args:
        folder: created if it does not exist; other files in it stay.
        configs: the pipelines.
        suffix: ``.json5`` writes what people like about JSON5: bare keys, a comment, a trailing comma.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for config in configs:
        text = _json5_text(config) if suffix == ".json5" else _json_text(config)
        (folder / f"{config.id}{suffix}").write_text(text, encoding="utf-8")


def dag_folder(
    folder: Path, factory: str, pipelines: int | Sequence[PipelineConfig] = (), service_url: str | None = None
) -> Path:
    """Lay out a DAG folder in which one of the factories of ``dags/dynamic`` defines some pipelines.

    Args:
        folder: emptied first, if this function laid it out; created if it does not exist.
        factory: one of `FACTORIES`.
        pipelines: the pipelines of the catalog, or how many to make; ``file_per_dag`` gets as many copies. A factory
            that asks the service gets none: what it defines is what the service knows.
        service_url: address of the configuration service; for the factories that ask it.

    Returns:
        The folder, for Airflow to parse.

    Raises:
        ValueError: when there is no such factory, or it needs an address and got none.
        FileExistsError: when the folder holds something that this function did not put there.
    """
    if factory not in FACTORIES:
        raise ValueError(f'no factory "{factory}"; there are {", ".join(FACTORIES)}')
    asks = factory in ("from_service", "parsing_context")
    if asks and not service_url:
        raise ValueError(f'the factory "{factory}" asks the configuration service; give its service_url')
    _empty(folder)
    dynamic = folder / "dynamic"
    dynamic.mkdir(parents=True)
    source = DAGS / "dynamic" / f"{factory}.py"
    if asks:
        (dynamic / "service.url").write_text(f"{service_url}\n", encoding="utf-8")
    else:
        configs = configurations(pipelines) if isinstance(pipelines, int) else pipelines
        write_catalog(folder / "catalog", configs, ".json5" if factory == "from_json5" else ".json")
    if factory == "file_per_dag":
        for config in configs:
            shutil.copyfile(source, dynamic / f"{config.id}.py")
    else:
        shutil.copyfile(source, dynamic / source.name)
    return folder


def _configuration(chance: random.Random, partner: str) -> PipelineConfig:
    feed, files = chance.choice(tuple(_FEEDS.items()))
    region = chance.choice(_REGIONS)
    kind: Literal["full", "incremental"] = chance.choice(("full", "incremental"))
    words = feed.replace("_", " ")
    slug = _slug(partner)
    bucket = f"{slug.replace('_', '-')}-{region}"
    how = "all of them, every time" if kind == "full" else "what is new since the last run"
    return PipelineConfig(
        id=f"{slug}_{feed}_{region}",
        name=f"{partner}: {words} ({region.upper()})",
        description=f"{words.capitalize()} that {partner} delivers for {region.upper()}: {how}.",
        source_bucket=bucket,
        source_pattern=f"{feed}/{files}",
        destination=f"{chance.choice(_STORES)}/{slug}/{feed}/{region}",
        notify=f"{chance.choice(_TEAMS)}@airflow-workbook.example",
        steps=chance.choices((1, 2, 3, 4, 5, 6, 8, 12), (6, 12, 24, 26, 16, 8, 5, 3))[0],
        kind=kind,
    )


@functools.lru_cache(maxsize=4)
def _partners(seed: int) -> tuple[str, ...]:
    # Faker takes long for a name, so the partners are made once and then combined with feeds and regions.
    fake = Faker("en_US")
    fake.seed_instance(seed)
    by_slug: dict[str, str] = {}
    while len(by_slug) < _PARTNERS:
        name = fake.company()
        by_slug.setdefault(_slug(name), name)
    return tuple(by_slug.values())


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def _json_text(config: PipelineConfig) -> str:
    return json.dumps(config.model_dump(), indent=2, ensure_ascii=False) + "\n"


def _json5_text(config: PipelineConfig) -> str:
    return "".join(_json5_lines(config))


def _json5_lines(config: PipelineConfig) -> Iterator[str]:
    yield f"// Owner: {config.notify}. Questions about the files go to the partner.\n{{\n"
    for field, value in config.model_dump().items():
        yield f"  {field}: {json.dumps(value, ensure_ascii=False)},\n"
    yield "}\n"


def _empty(folder: Path) -> None:
    if not folder.exists():
        return
    foreign = sorted({entry.name for entry in folder.iterdir()} - {"dynamic", "catalog", "__pycache__"})
    if foreign:
        raise FileExistsError(f"{folder} holds {', '.join(foreign[:3])}; choose an empty folder")
    shutil.rmtree(folder)
