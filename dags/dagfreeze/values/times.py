"""Writes dates, times, durations and zones: of the standard library, of pendulum and of dateutil."""

from __future__ import annotations

import datetime
import zoneinfo
from typing import TYPE_CHECKING, Any

from dagfreeze.refusal import Refused
from dagfreeze.values.code import Expr, call, line
from dagfreeze.values.plain import Writer

if TYPE_CHECKING:
    from dagfreeze.values.expressions import Values


def _date(values: Values, value: datetime.date) -> Expr:
    return call(values.imports.name("datetime", "date"), *_day(value))


def _time(values: Values, value: datetime.time) -> Expr:
    return call(values.imports.name("datetime", "time"), *_clock(value, 2), **_zone_and_fold(values, value))


def _datetime(values: Values, value: datetime.datetime) -> Expr:
    name = values.imports.name("datetime", "datetime")
    return call(name, *_day(value), *_clock(value), **_zone_and_fold(values, value))


def _day(value: datetime.date) -> list[str]:
    return [str(value.year), str(value.month), str(value.day)]


def _clock(value: datetime.time | datetime.datetime, least: int = 0) -> list[str]:
    parts = [value.hour, value.minute, value.second, value.microsecond]
    while len(parts) > least and not parts[-1]:
        parts.pop()
    return [str(part) for part in parts]


def _zone_and_fold(values: Values, value: datetime.time | datetime.datetime) -> dict[str, Expr]:
    keywords: dict[str, Expr] = {}
    if value.tzinfo is not None:
        keywords["tzinfo"] = values.expr(value.tzinfo)
    if value.fold:
        keywords["fold"] = str(value.fold)
    return keywords


def _timedelta(values: Values, value: datetime.timedelta) -> Expr:
    name = values.imports.name("datetime", "timedelta")
    sign, size = ("-", -value) if value < datetime.timedelta(0) else ("", value)
    hours, seconds = divmod(size.seconds, 3600)
    parts = {
        "days": size.days,
        "hours": hours,
        "minutes": seconds // 60,
        "seconds": seconds % 60,
        "microseconds": size.microseconds,
    }
    return (
        call(name, **{unit: f"{sign}{count}" for unit, count in parts.items() if count})
        if value
        else call(name, "0")
    )


def _timezone(values: Values, value: datetime.timezone) -> Expr:
    if value is datetime.UTC:
        return values.imports.name("datetime", "UTC")
    name = values.imports.name("datetime", "timezone")
    return call(name, *values.exprs(value.__getinitargs__()))  # type: ignore[attr-defined]


def _zone(values: Values, value: zoneinfo.ZoneInfo) -> Expr:
    return call(values.imports.name("zoneinfo", "ZoneInfo"), line(_key(value)))


def _key(value: zoneinfo.ZoneInfo) -> str:
    if value.key is None or getattr(value, "_file_bytes", None):
        raise Refused("a time zone has no name", "Use a zone of the time zone database.")
    return value.key


def _pendulum(values: Values, function: str, *args: Expr, **kwargs: Expr) -> Expr:
    return call(f"{values.imports.module('pendulum')}.{function}", *args, **kwargs)


def _pendulum_datetime(values: Values, value: Any) -> Expr:
    import pendulum

    parts = [*_day(value), *_clock(value)]
    zone = value.tzinfo
    if type(zone) is pendulum.Timezone:
        day = (value.year, value.month, value.day)
        clock = (value.hour, value.minute, value.second, value.microsecond)
        for fold in ({}, {"fold": value.fold}):
            moment = pendulum.datetime(*day, *clock, tz=zone.key, **fold)
            if moment.tzinfo == zone and moment.fold == value.fold and moment.naive() == value.naive():
                keywords = {name: str(number) for name, number in fold.items()}
                return _pendulum(values, "datetime", *parts, tz=line(zone.key), **keywords)
    return _pendulum(values, "DateTime", *parts, **_zone_and_fold(values, value))


def _pendulum_date(values: Values, value: datetime.date) -> Expr:
    return _pendulum(values, "date", *_day(value))


def _pendulum_time(values: Values, value: datetime.time) -> Expr:
    zone_and_fold = _zone_and_fold(values, value)
    return _pendulum(values, "Time" if zone_and_fold else "time", *_clock(value, 2), **zone_and_fold)


def _pendulum_duration(values: Values, value: Any) -> Expr:
    import pendulum

    parts = {unit: count for unit, count in value._signature.items() if count}
    if pendulum.duration(**parts) != value:
        raise Refused("a duration is not what its parts say")
    return _pendulum(values, "duration", **values.arguments(parts))


def _pendulum_zone(values: Values, value: Any) -> Expr:
    return _pendulum(values, "timezone", line(_key(value)))


def _pendulum_offset(values: Values, value: Any) -> Expr:
    import pendulum

    offset, name = value.__getinitargs__()
    if pendulum.timezone(offset).name == name:
        return _pendulum(values, "timezone", values.expr(offset))
    return _pendulum(values, "FixedTimezone", *values.exprs((offset, name)))


_RELATIVE = ("years", "months", "days", "leapdays", "hours", "minutes", "seconds", "microseconds")
_ABSOLUTE = ("year", "month", "day", "weekday", "hour", "minute", "second", "microsecond")
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def _relativedelta(values: Values, value: Any) -> Expr:
    parts = {name: getattr(value, name) for name in _RELATIVE if getattr(value, name)}
    parts |= {name: getattr(value, name) for name in _ABSOLUTE if getattr(value, name) is not None}
    return call(values.imports.name("dateutil.relativedelta", "relativedelta"), **values.arguments(parts))


def _weekday(values: Values, value: Any) -> Expr:
    name = values.imports.name("dateutil.relativedelta", _WEEKDAYS[value.weekday])
    return name if value.n is None else call(name, values.expr(value.n))


WRITERS: dict[type, Writer] = {
    datetime.date: _date,
    datetime.time: _time,
    datetime.datetime: _datetime,
    datetime.timedelta: _timedelta,
    datetime.timezone: _timezone,
    zoneinfo.ZoneInfo: _zone,
}
"""Writers of the standard library's types."""

WRITERS_BY_NAME: dict[str, Writer] = {
    "pendulum.datetime.DateTime": _pendulum_datetime,
    "pendulum.date.Date": _pendulum_date,
    "pendulum.time.Time": _pendulum_time,
    "pendulum.duration.Duration": _pendulum_duration,
    "pendulum.tz.timezone.Timezone": _pendulum_zone,
    "pendulum.tz.timezone.FixedTimezone": _pendulum_offset,
    "dateutil.relativedelta.relativedelta": _relativedelta,
    "dateutil._common.weekday": _weekday,
}
"""Writers of types whose modules do not have to be there."""
