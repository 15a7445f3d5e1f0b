"""A real Airflow on this machine: started or attached to, kept while a notebook needs it, and ended after."""

from workbook.stack.errors import ImportErrors, StackError
from workbook.stack.handle import Airflow, start, stop

__all__ = ["Airflow", "ImportErrors", "StackError", "start", "stop"]
