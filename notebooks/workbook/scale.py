"""How large the lessons are: the one knob, for CI, a laptop or a stage."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """How large the lessons are: the same claims hold at each scale.

    Attributes:
        name: ``ci``, ``laptop`` or ``stage``.
        dial: numbers of pipelines to which a lesson turns a factory that calls a service, smallest first.
        numbers: the same for a factory that makes no calls.
        catalog: pipelines in the catalog from which DAG files are generated.
        layouts: DAGs that are laid out in files of different sizes, in the end all of them in one; 1,000 in one file
            would need 4 GB of memory.
        import_timeout: seconds, for ``[core] dagbag_import_timeout``; 30 is Airflow's own default.
        jobs: remote jobs that one run of a waiting DAG submits.
        job_seconds: how long each of them takes.
    """

    name: str
    dial: tuple[int, ...]
    numbers: tuple[int, ...]
    catalog: int
    layouts: int
    import_timeout: float
    jobs: int
    job_seconds: float


SCALES = {
    "ci": Scale(
        "ci",
        dial=(10, 40, 120),
        numbers=(10, 100, 400),
        catalog=120,
        layouts=120,
        import_timeout=6,
        jobs=16,
        job_seconds=10,
    ),
    "laptop": Scale(
        "laptop",
        dial=(10, 100, 400),
        numbers=(10, 100, 400, 1000),
        catalog=200,
        layouts=300,
        import_timeout=20,
        jobs=24,
        job_seconds=10,
    ),
    "stage": Scale(
        "stage",
        dial=(10, 100, 400, 1000),
        numbers=(10, 100, 1000, 4000),
        catalog=400,
        layouts=500,
        import_timeout=30,
        jobs=48,
        job_seconds=20,
    ),
}


def scale() -> Scale:
    """The scale that ``WORKBOOK_SCALE`` names; ``laptop`` when it names none.

    Raises:
        ValueError: when it names a scale that does not exist.
    """
    name = os.environ.get("WORKBOOK_SCALE") or "laptop"
    if name not in SCALES:
        raise ValueError(f'WORKBOOK_SCALE is "{name}"; it can be {", ".join(SCALES)}')
    return SCALES[name]
