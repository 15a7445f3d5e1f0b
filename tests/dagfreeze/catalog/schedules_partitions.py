"""Partitioned assets with mappers of each kind."""
# expect: frozen or refused: ChainMapper

from airflow.sdk import (
    DAG,
    AllowedKeyMapper,
    Asset,
    ChainMapper,
    FixedKeyMapper,
    PartitionedAssetTimetable,
    PartitionedAtRuntime,
    ProductMapper,
    StartOfDayMapper,
    StartOfHourMapper,
)

clicks, sales, stock = (Asset(name) for name in ("clicks", "sales", "stock"))

mapped = DAG(
    "schedules_partitions_mapped",
    schedule=PartitionedAssetTimetable(
        assets=clicks & sales & stock,
        partition_mapper_config={
            clicks: ChainMapper(StartOfHourMapper(), StartOfDayMapper(input_format="%Y-%m-%dT%H:%M:%S")),
            sales: ProductMapper(StartOfDayMapper(), AllowedKeyMapper(["eu", "us"])),
        },
        default_partition_mapper=FixedKeyMapper("all"),
    ),
)
at_runtime = DAG("schedules_partitions_at_runtime", schedule=PartitionedAtRuntime())
