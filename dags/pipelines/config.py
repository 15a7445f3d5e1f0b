"""What a pipeline is: the validated configuration, read from a catalog of files or from the configuration service."""

from __future__ import annotations

import base64
import difflib
import http.client
import importlib
import itertools
import json
import os
import re
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

# Control characters would survive neither Airflow's user interface nor PostgreSQL (NUL), and U+2028 and U+2029 end a
# line for some readers of a DAG file and not for others. pydantic itself refuses lone surrogates.
_ANY = r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]"
_VISIBLE = r"[^\p{Z}\p{C}\p{Default_Ignorable_Code_Point}\u2800]"  # no space, zero-width character or filler
_LINE = rf"^{_ANY}*{_VISIBLE}{_ANY}*$"
_ON_ONE_LINE = "characters on one line, not all of them invisible, without control characters"
_ID = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"

_SERVICE = re.compile(r"(https?://)(?:([^/?#]*:[^/?#]*)@)?([^@]+?)/*", re.IGNORECASE)


class PipelineConfig(BaseModel):
    """One pipeline. The description of a field says what is allowed; error messages quote it."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    id: str = Field(
        pattern=_ID,
        description="1 to 64 letters a-z or A-Z, digits, - and _, beginning with a letter or digit",
    )
    name: str = Field(max_length=200, pattern=_LINE, description=f"1 to 200 {_ON_ONE_LINE}")
    description: str = Field(
        max_length=2000,
        pattern=rf"^({_ANY}|\n)*$",
        description="at most 2000 characters, without control characters other than line breaks",
    )
    source_bucket: str = Field(
        max_length=200, pattern=_LINE, description=f"the name of a bucket, 1 to 200 {_ON_ONE_LINE}"
    )
    source_pattern: str = Field(
        max_length=400, pattern=_LINE, description=f"a pattern such as orders/*.csv, 1 to 400 {_ON_ONE_LINE}"
    )
    destination: str = Field(
        max_length=400,
        pattern=rf"^[a-z][a-z0-9+.-]*://[^\s\x00-\x20\x7f-\x9f]*{_VISIBLE}[^\s\x00-\x20\x7f-\x9f]*$",
        description="an address such as s3://bucket/prefix, at most 400 characters without spaces",
    )
    notify: str = Field(
        max_length=120,
        pattern=r"^[A-Za-z0-9_+-][A-Za-z0-9._+-]*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$",
        description="the e-mail address of the owner, such as team@company.example",
    )
    steps: int = Field(ge=1, le=50, description="a whole number from 1 to 50")
    kind: Literal["full", "incremental"] = Field(
        description='"full" (steps in parallel) or "incremental" (steps in series)'
    )


class Problem(NamedTuple):
    """One problem: the file or address, the field if there is one, and the reason."""

    place: str
    field: str
    message: str


class ConfigError(ValueError):
    """All problems of a catalog, not only the first.

    Attributes:
        problems: each problem once, in the order of places.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(dict.fromkeys(problems), key=lambda problem: problem.place)
        super().__init__("\n".join(self._lines()))

    def _lines(self) -> Iterator[str]:
        for place, group in itertools.groupby(self.problems, key=lambda problem: problem.place):
            problems = list(group)
            yield f"{_printable(place)}: {len(problems)} problem{'s' if len(problems) > 1 else ''}"
            for problem in problems:
                yield f"  {_printable(problem.field)}{': ' if problem.field else ''}{problem.message}"


def read_catalog(folder: Path) -> list[PipelineConfig]:
    """Read every configuration of a folder and of the folders below.

    A file whose name ends in ``.json`` or ``.json5``, in small letters or capitals, is the configuration of one
    pipeline. READMEs and what begins with a dot are passed over. Anything else is a problem, also a linked folder, so
    that nobody waits for a DAG whose configuration was never read; a link to a file is as good as the file.

    Returns:
        The pipelines, sorted by id.

    Raises:
        ConfigError: with every problem of every file.
    """
    paths, problems = _files(folder)
    configs: dict[str, PipelineConfig] = {}
    for path in paths:
        try:
            configs[path] = parse_config(Path(path).read_bytes(), path)
        except ConfigError as error:
            problems += error.problems
        except OSError as error:
            problems.append(_unreadable(path, error))
    problems += _collisions((config.id, path) for path, config in configs.items())
    if problems:
        raise ConfigError(problems)
    return sorted(configs.values(), key=lambda config: config.id)


def parse_config(content: bytes, place: str) -> PipelineConfig:
    """Make a configuration of the content of a file or the body of an answer.

    Args:
        content: one object as JSON in UTF-8; as JSON5 when the place ends in ``.json5``.
        place: where it comes from, for messages.

    Raises:
        ConfigError: with every problem of the content.
    """
    values = _read_object(content, place)
    try:
        return PipelineConfig.model_validate(values)
    except ValidationError as error:
        raise ConfigError(_problems(error, values, place)) from None


def fetch_ids(service: str) -> list[str]:
    """Ask the configuration service which pipelines there are.

    Args:
        service: its address. User and password in ``http://user:password@host`` are sent and never shown.

    Raises:
        ConfigError: when it answers with something else than ids that Airflow accepts.
        OSError: when it cannot be reached or reports an error.
    """
    place, content = _get(service, "/pipelines")
    ids = _read_object(content, place).get("ids")
    if not isinstance(ids, list):
        raise _wrong(place, 'missing; need {"ids": [ … ]}', "ids")
    # An id becomes part of the address that is asked next, so it is checked before.
    invalid = [value for value in ids if not (isinstance(value, str) and re.fullmatch(_ID, value))]
    problems = [Problem(place, "ids", f"found {_shown(value)}, need {_allowed('id')}") for value in invalid]
    if problems := problems or list(_collisions((pipeline_id, place) for pipeline_id in ids)):
        raise ConfigError(problems)
    return ids


def fetch_config(service: str, pipeline_id: str) -> PipelineConfig:
    """Ask the configuration service for one pipeline: one call, however long it takes.

    Raises:
        ConfigError: with every problem of the answer.
        OSError: when the service cannot be reached or reports an error.
    """
    place, content = _get(service, f"/pipelines/{pipeline_id}")
    config = parse_config(content, place)
    if config.id != pipeline_id:
        raise _wrong(place, f"found {_shown(config.id)}, asked for {pipeline_id}", "id")
    return config


def _files(catalog: Path) -> tuple[list[str], list[Problem]]:
    if not catalog.is_dir():
        return [], [Problem(str(catalog), "", "no such folder; give the folder of the catalog")]
    files: list[str] = []
    problems: list[Problem] = []
    walk = os.walk(catalog, onerror=lambda error: problems.append(_unreadable(error.filename, error)))
    for folder, below, names in walk:
        below[:] = sorted(name for name in below if not name.startswith("."))
        names += [name for name in below if Path(folder, name).is_symlink()]
        for name in sorted(name for name in names if not name.startswith(".")):
            if name.lower().endswith((".json", ".json5")):
                files.append(f"{folder}/{name}")
            elif name.partition(".")[0].upper() != "README":
                message = "not read; a catalog has files that end in .json or .json5, and no linked folders"
                problems.append(Problem(f"{folder}/{name}", "", message))
    return files, problems


def _unreadable(path: str, error: OSError) -> Problem:
    return Problem(path, "", f"cannot be read: {error.strerror}")


def _collisions(ids_and_places: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    """Airflow keeps one of two DAGs with the same id; on macOS files named by ids that differ by case are one file."""
    first: dict[str, tuple[str, str]] = {}
    for pipeline_id, place in ids_and_places:
        key = pipeline_id.casefold()
        if key in first:
            twin, twin_place = first[key]
            same = "the same id" if twin == pipeline_id else f'the id "{twin}", which differs only in case,'
            yield Problem(place, "id", f'found "{pipeline_id}", but {same} is in {twin_place}')
        else:
            first[key] = (pipeline_id, place)


def _read_object(content: bytes, place: str) -> dict[str, object]:
    """Read a text that holds one object, JSON or JSON5, in which no key is given twice."""
    twice: list[str] = []

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        twice.extend(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        return dict(pairs)

    # Not pyjson5: it is much faster, but silently keeps the last of two equal keys.
    language = "json5" if place.lower().endswith(".json5") else "json"
    try:
        value = importlib.import_module(language).loads(content.decode("utf-8-sig"), object_pairs_hook=unique)
    except UnicodeDecodeError as error:
        raise _wrong(place, f"not UTF-8 at byte {error.start}; save it as UTF-8") from None
    except (ValueError, RecursionError) as error:  # also a number of 5,000 digits, a thousand nested lists
        reason = str(error).replace("<string>:", "line ")
        raise _wrong(place, f"not {language.upper()} that can be read: {reason}") from None
    if twice:
        raise ConfigError(Problem(place, key, "given twice; keep one") for key in twice)
    if not isinstance(value, dict):
        raise _wrong(place, "need an object, { … }")
    return value


def _wrong(place: str, message: str, field: str = "") -> ConfigError:
    return ConfigError([Problem(place, field, message)])


def _problems(error: ValidationError, values: Mapping[str, object], place: str) -> Iterator[Problem]:
    fields = PipelineConfig.model_fields
    for detail in error.errors(include_url=False, include_context=False):
        # pydantic tells no place of a key that is no text, such as a lone surrogate, but the key itself
        field = str(detail["loc"][0] if detail["loc"] else detail["input"])
        if field not in values:
            yield Problem(place, field, f"missing; need {_allowed(field)}")
        elif field in fields:
            yield Problem(place, field, f"found {_shown(values[field])}, need {_allowed(field)}")
        else:
            near = difflib.get_close_matches(field, fields, 1)
            hint = f"did you mean {near[0]}?" if near else f"the fields are {', '.join(fields)}"
            yield Problem(place, field, f"not a field of a pipeline; {hint}")


def _allowed(field: str) -> str:
    return str(PipelineConfig.model_fields[field].description)


def _shown(value: object, longest: int = 80) -> str:
    text = json.dumps(value, default=str)
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text):,} characters)"


def _printable(text: str) -> str:
    return text if text.isprintable() else json.dumps(text)


def _get(service: str, path: str, timeout_seconds: float = 30) -> tuple[str, bytes]:
    """Ask the service. Returns the address without user and password, for messages, and the answer."""
    match = _SERVICE.fullmatch(service)
    if not match:
        message = "no address such as http://host:port or http://user:password@host:port"
        remedy = "write / ? # @ in user and password as %2F %3F %23 %40"
        raise _wrong(re.sub(r"(?s).*@", "…@", service), f"{message}; {remedy}")
    scheme, credentials, host = match.groups()
    place = f"{scheme}{host}{path}"
    request = urllib.request.Request(place)
    if credentials:
        encoded = base64.b64encode(urllib.parse.unquote_to_bytes(credentials)).decode()
        # Unredirected: anyone who is asked after a redirection does not learn them.
        request.add_unredirected_header("Authorization", f"Basic {encoded}")
    # Without a proxy: the service is inside, and looking a proxy up crashes forked processes on macOS.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=timeout_seconds) as answer:
            return place, bytes(answer.read())
    except http.client.HTTPException as error:  # an answer that breaks off, or is not HTTP
        raise ConnectionError(f"{type(error).__name__}: {error}") from error
