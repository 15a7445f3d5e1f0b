"""Makes functions that log under this module's name."""

import functools
import logging

log = logging.getLogger(__name__)
COUNTED = []


def make_loader(table):
    """Make a function that loads a table."""

    def load():
        log.info("load %s", table)
        return table

    return load


def make_counted(table):
    """Make one of which this module keeps the names."""
    COUNTED.append(table)

    def load():
        log.info("load %s, the first of %s", table, len(table))
        return table

    return load


def timed(function):
    """Log that a function is called."""

    @functools.wraps(function)
    def inner(*args, **kwargs):
        log.info("begin")
        return function(*args, **kwargs)

    return inner


def over(limit, *, unit="rows"):
    """Compare with a limit."""
    return lambda number: log.info(unit) or number > limit
