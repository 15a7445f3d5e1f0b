"""Every claim of its lesson, in the order in which it makes them, with the edit that makes it false."""

from support.sabotage import Sabotage

SABOTAGES = [
    Sabotage(
        "this machine has what the workbook needs",
        "machine_check(memory_gb=2)",
        "machine_check(memory_gb=1_000_000)",
    ),
    Sabotage(
        "Airflow answers, and it is the version that the workbook installed",
        "/api/v2/version",
        "/api/v2/nowhere",
    ),
]
