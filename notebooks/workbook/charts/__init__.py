"""What shows a measurement or a model: the charts of the lessons, of the README and of the slides."""

from workbook.charts.lessons import SLIDE, Chart, Style, bars, dial, slot_timeline, trade_off

__all__ = ["SLIDE", "Chart", "Style", "bars", "dial", "slot_timeline", "trade_off"]
