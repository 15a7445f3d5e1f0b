"""Tables mark what was measured."""

from __future__ import annotations

import pandas as pd

from workbook.lesson import table


def test_table_marks_measured_columns_and_never_pads() -> None:
    frames = [
        pd.DataFrame({"pipelines": [10, 100], "seconds": seconds}) for seconds in ([0.1, 2.0], [9.9, 200.0])
    ]
    bundles = [table(frame, {"seconds": ".2f"})._repr_mimebundle_() for frame in frames]
    assert bundles[0]["text/plain"] == "pipelines · seconds\n10 · «0.10»\n100 · «2.00»"
    assert "<td>«200.00»</td>" in bundles[1]["text/html"]
