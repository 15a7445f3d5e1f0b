"""What shows a measurement or a model: the charts of the lessons, of the README and of the slides."""

from workbook.charts.lessons import bars, dial, trade_off
from workbook.charts.style import SLIDE, Chart, Style
from workbook.charts.timeline import slot_timeline

__all__ = ["SLIDE", "Chart", "Style", "bars", "dial", "slot_timeline", "trade_off"]
