"""What a cell says to its reader: claims, guesses, tables, files, commands, and what its machine is."""

from workbook.lesson.claims import ClaimFailed, claim
from workbook.lesson.machine import machine_check
from workbook.lesson.predictions import predict
from workbook.lesson.shell import run
from workbook.lesson.sources import show
from workbook.lesson.tables import table

__all__ = ["ClaimFailed", "claim", "machine_check", "predict", "run", "show", "table"]
