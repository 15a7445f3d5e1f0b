"""Tables of figures, in which what was measured stands between guillemets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd


class Table:
    """A small table whose measured columns stand between guillemets, so that runs can be compared."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        rows = [list(map(str, self.frame.columns)), *self.frame.astype(str).to_numpy().tolist()]
        # no padding: the width of a measured value would move what stands behind it
        text = "\n".join(" · ".join(row) for row in rows)
        return {"text/html": self.frame.to_html(index=False, border=0), "text/plain": text}


def table(frame: pd.DataFrame, measured: Mapping[str, str] | None = None) -> Table:
    """Show figures as a table.

    Args:
        frame: the figures; its index is not shown.
        measured: the columns that differ from run to run, each with the format of its values,
            such as ``{"seconds": ".2f"}``.

    Returns:
        The table, to be a cell's last expression.
    """
    shown = frame.astype(object)
    for column, form in (measured or {}).items():
        shown[column] = [f"«{value:{form}}»" for value in frame[column]]
    return Table(shown)
