"""Makes what is committed in ``dags``: ``python -m workbook.tools.dags`` writes the catalog, and freezes it."""

from __future__ import annotations

import sys

import dagfreeze.__main__ as dagfreeze
from workbook.catalog import COMMITTED, configurations, write_catalog
from workbook.workspace import DAGS

FREEZE = [f"{DAGS}/dynamic/from_json.py", "--bundle", str(DAGS), "--out", f"{DAGS}/static"]


def main() -> int:
    """Write ``dags/catalog``, and freeze the factory that reads it into ``dags/static``.

    Returns:
        The exit status of the freezing.
    """
    for file in (DAGS / "catalog").glob("*.json"):
        file.unlink()
    write_catalog(DAGS / "catalog", configurations(COMMITTED))
    return dagfreeze.main([*FREEZE, "--dags-per-file", "10"])


if __name__ == "__main__":
    sys.exit(main())
