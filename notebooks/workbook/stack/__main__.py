"""Says what runs, and ends it: ``python -m workbook.stack status`` and ``python -m workbook.stack stop``."""

from __future__ import annotations

import sys

from workbook.stack import handle
from workbook.stack.attach import state
from workbook.stack.place import Place, processes_of


def _status() -> str:
    place = Place(handle.folder())
    processes = processes_of(place.folder)
    report = state(place)
    if not processes:
        return "Airflow is not running."
    lines = [
        f"Airflow {'is ending' if report.get('ending') else 'runs'} at {report.get('url')}, {len(processes)} processes"
    ]
    for name, component in report.get("components", {}).items():
        pid, end = component["pid"], component["returncode"]
        lines.append(f"  {name:14} {f'pid {pid}' if end is None else f'ended with {end}'}")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """The command line: ``status`` or ``stop``; 2 for anything else."""
    match arguments:
        case ["status"]:
            print(_status())
        case ["stop"]:
            handle.stop()
            print(_status())
        case _:
            print("usage: python -m workbook.stack status|stop", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
