"""What is measured on a real Airflow, a function for each measurement; lessons and benches call the same."""

from workbook.measure.cycle import Cycle
from workbook.measure.parsing_home import ParsingError, ParsingHome, parse_cycle, quicker_of_two

__all__ = ["Cycle", "ParsingError", "ParsingHome", "parse_cycle", "quicker_of_two"]
