"""What a pipeline is: the validated configuration, read from a catalog of files or from the config service."""

from __future__ import annotations

import difflib
import http.client
import json
import os
import urllib.request
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StringConstraints, TypeAdapter, ValidationError

from pipelines.source_text import TextError, field_lines, parse_object

SUFFIXES = (".json", ".json5")
DEFAULTS = "defaults"
"""Stem of the files that hold what the pipelines of a folder, and of the folders below, have in common."""

# Control characters would survive neither Airflow's user interface nor PostgreSQL (NUL), and U+2028 and U+2029
# end a line for some readers of the generated files and not for others. pydantic itself refuses lone surrogates.
_ONE_LINE = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$"
_LINES = r"^[^\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]*$"
_VISIBLE = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f\u2028\u2029]*$"

PipelineId = Annotated[str, StringConstraints(max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")]


class PipelineConfig(BaseModel):
    """One pipeline. The description of a field says what is allowed; error messages and the JSON Schema quote it."""

    model_config = ConfigDict(frozen=True, extra="forbid", title="Pipeline", strict=True)

    id: PipelineId = Field(
        description="1 to 64 letters a-z or A-Z, digits, - and _, beginning with a letter or digit",
    )
    name: Annotated[str, StringConstraints(max_length=200, pattern=_VISIBLE)] = Field(
        description="1 to 200 characters on one line, without control characters",
    )
    description: Annotated[str, StringConstraints(max_length=2000, pattern=_LINES)] = Field(
        description="at most 2000 characters, without control characters other than line breaks",
    )
    source_bucket: Annotated[str, StringConstraints(max_length=200, pattern=_VISIBLE)] = Field(
        description="the name of a bucket, 1 to 200 characters on one line, without control characters",
    )
    source_pattern: Annotated[str, StringConstraints(max_length=400, pattern=_VISIBLE)] = Field(
        description="a pattern such as orders/*.csv, 1 to 400 characters on one line, without control characters",
    )
    destination: Annotated[
        str,
        StringConstraints(max_length=400, pattern=r"^[a-z][a-z0-9+.-]*://[^\s\x00-\x20\x7f-\x9f]+$"),
    ] = Field(description="an address such as s3://bucket/prefix, at most 400 characters without spaces")
    notify: Annotated[
        str,
        StringConstraints(
            max_length=120, pattern=r"^[A-Za-z0-9_+-][A-Za-z0-9._+-]*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$"
        ),
    ] = Field(description="the e-mail address of the owner, such as team@company.example")
    steps: Annotated[StrictInt, Field(ge=1, le=50)] = Field(description="a whole number from 1 to 50")
    kind: Literal["full", "incremental"] = Field(
        description='"full" (steps in parallel) or "incremental" (steps in series)',
    )


FIELDS = tuple(PipelineConfig.model_fields)
_PIPELINE_ID = TypeAdapter(PipelineId)


class Problem(NamedTuple):
    """One thing that is wrong: the file or address, the line if known, the field if there is one, and why."""

    place: str
    line: int | None
    field: str
    message: str


class ConfigError(ValueError):
    """Everything that is wrong with a catalog, not only the first thing.

    Attributes:
        problems: each problem once, in the order of places and lines.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        unique = dict.fromkeys(problems)
        self.problems = sorted(unique, key=lambda problem: (problem.place, problem.line or 0))
        super().__init__("\n".join(self._lines()))

    def _lines(self) -> Iterator[str]:
        places: dict[str, list[Problem]] = {}
        for problem in self.problems:
            places.setdefault(problem.place, []).append(problem)
        for place, problems in places.items():
            yield f"{_printable(place)}: {len(problems)} problem{'s' if len(problems) > 1 else ''}"
            for problem in problems:
                where = [f"line {problem.line}"] if problem.line else []
                where += [problem.field] if problem.field else []
                yield f"  {', '.join(where)}{': ' if where else ''}{problem.message}"


class Value(NamedTuple):
    """The value of a field, and the file that says so: the pipeline's own, or one that it inherits from."""

    value: object
    place: str
    text: str


Defaults = Mapping[str, Value]


class CatalogFile(NamedTuple):
    """One configuration file of a catalog, and the values that it inherits."""

    path: str
    defaults: Defaults

    def read(self) -> PipelineConfig:
        """Read and validate the file.

        Raises:
            ConfigError: with every problem of the file.
        """
        return parse_config(_read_bytes(self.path), self.path, self.defaults)


class Inheritance:
    """What the files of a catalog inherit from the ``defaults`` files beside and above them; the nearer file wins.

    Attributes:
        problems: what is wrong with the ``defaults`` files that were needed.
    """

    def __init__(self, catalog: str) -> None:
        self.problems: list[Problem] = []
        self._catalog = catalog
        self._known: dict[str, Defaults] = {}

    def of_folder(self, folder: str) -> Defaults:
        """The values for the files of a folder of the catalog."""
        if folder not in self._known:
            values: dict[str, Value] = {}
            if folder != self._catalog:
                values |= self.of_folder(folder.rpartition("/")[0])
            for suffix in SUFFIXES:
                if Path(f"{folder}/{DEFAULTS}{suffix}").is_file():
                    values |= self._read(f"{folder}/{DEFAULTS}{suffix}")
            self._known[folder] = values
        return self._known[folder]

    def _read(self, path: str) -> dict[str, Value]:
        try:
            values = _values(_read_bytes(path), path)
        except ConfigError as error:
            self.problems += error.problems
            return {}
        if own := values.pop("id", None):
            line = field_lines(own.text).get("id")
            message = "cannot be a default; every pipeline has its own"
            self.problems.append(Problem(path, line, "id", message))
        return values


def read_catalog(folder: Path) -> list[PipelineConfig]:
    """Read every configuration of a folder and of the folders below.

    Files end in ``.json`` or ``.json5``. A file called ``defaults`` gives values to all pipelines beside and below
    it, see `Inheritance`.

    Returns:
        The pipelines, sorted by id.

    Raises:
        ConfigError: with every problem of every file.
    """
    problems: list[Problem] = []
    configs: list[tuple[str, PipelineConfig]] = []
    for file in catalog_files(folder, problems):
        try:
            configs.append((file.path, file.read()))
        except ConfigError as error:
            problems += error.problems
    problems += collisions((config.id, path) for path, config in configs)
    if problems:
        raise ConfigError(problems)
    return sorted((config for _, config in configs), key=lambda config: config.id)


def catalog_files(folder: Path, problems: list[Problem]) -> Iterator[CatalogFile]:
    """Find the configuration files of a catalog, without reading them.

    Args:
        folder: the catalog.
        problems: what is wrong with the folder and with its ``defaults`` files is added here.

    Yields:
        The files, folder by folder, each folder before those below it, sorted by name.
    """
    if not folder.is_dir():
        problems.append(Problem(str(folder), None, "", "no such folder; name the folder of the catalog"))
        return
    inheritance = Inheritance(str(folder))
    waiting = [str(folder)]
    while waiting:
        base = waiting.pop()
        entries = _entries(base, problems)
        defaults = inheritance.of_folder(base)
        for entry in entries:
            if is_config(entry.name) and _stem(entry.name) != DEFAULTS:
                yield CatalogFile(entry.path, defaults)
        below = [entry for entry in entries if entry.is_dir(follow_symlinks=False)]
        waiting += [entry.path for entry in reversed(below) if not is_config(entry.name)]
    problems += inheritance.problems


def is_config(name: str) -> bool:
    """Whether a file of that name is part of a catalog."""
    return name.endswith(SUFFIXES) and not name.startswith(".")


def parse_config(content: bytes, place: str, defaults: Defaults | None = None) -> PipelineConfig:
    """Make a configuration of the content of a file or the body of an answer.

    Args:
        content: one object as JSON in UTF-8; as JSON5 when the place ends in ``.json5``.
        place: where it comes from, for messages.
        defaults: values for the fields that the content does not give.

    Raises:
        ConfigError: with every problem of the content.
    """
    values = {**(defaults or {}), **_values(content, place)}
    try:
        return PipelineConfig.model_validate({field: value.value for field, value in values.items()})
    except ValidationError as error:
        raise ConfigError(_problems(error, values, place)) from None


def fetch_ids(service: str) -> list[str]:
    """Ask the configuration service which pipelines there are.

    Raises:
        ConfigError: when it answers with something else than ids that Airflow accepts.
        OSError: when it cannot be reached or reports an error.
    """
    place = f"{service}/pipelines"
    try:
        answer = json.loads(_get(place))
        ids = list(answer["ids"])
    except (ValueError, TypeError, KeyError):
        raise ConfigError([Problem(place, None, "ids", 'missing; need {"ids": [ … ]}')]) from None
    # An id becomes part of the address that is asked next, so it is checked before.
    problems = [problem for found in ids for problem in _check_id(found, place)]
    if not problems:
        twice = [found for found, times in Counter(ids).items() if times > 1]
        problems = [Problem(place, None, "ids", f"found {_found(found)} twice") for found in twice]
    if problems:
        raise ConfigError(problems)
    return [str(found) for found in ids]


def fetch_config(service: str, pipeline_id: str) -> PipelineConfig:
    """Ask the configuration service for one pipeline: one call, however long it takes.

    Raises:
        ConfigError: with every problem of the answer.
        OSError: when the service cannot be reached or reports an error.
    """
    place = f"{service}/pipelines/{pipeline_id}"
    config = parse_config(_get(place), place)
    if config.id != pipeline_id:
        raise ConfigError([Problem(place, None, "id", f"found {_found(config.id)}, asked for {pipeline_id}")])
    return config


def collisions(ids_and_places: Iterable[tuple[str, str]]) -> list[Problem]:
    """What is wrong with ids, or with names of files, that differ by case at most.

    Airflow keeps one DAG of two with the same id. Two that differ by case are one file on macOS and one row of a
    MySQL database.
    """
    first_ids: dict[str, tuple[str, str]] = {}
    first_names: dict[str, str] = {}
    problems = []
    for pipeline_id, place in ids_and_places:
        key = pipeline_id.casefold()
        name = _stem(place).casefold() if is_config(place) else key
        if key in first_ids:
            known, known_place = first_ids[key]
            same = "the same id" if known == pipeline_id else f'the id "{known}", which differs by case only,'
            problems.append(
                Problem(place, None, "id", f'found "{pipeline_id}", but {same} is in {known_place}')
            )
        elif name in first_names:
            message = f"has the same name as {first_names[name]}; give each file a name of its own"
            problems.append(Problem(place, None, "", message))
        first_ids.setdefault(key, (pipeline_id, place))
        first_names.setdefault(name, place)
    return problems


def _entries(folder: str, problems: list[Problem]) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            visible = [entry for entry in entries if not entry.name.startswith(".")]
    except OSError as error:
        problems.append(Problem(folder, None, "", f"cannot be read: {error.strerror}"))
        return []
    return sorted(visible, key=lambda entry: entry.name)


def _read_bytes(path: str) -> bytes:
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - a Path costs as much as the reading
            return file.read()
    except OSError as error:
        raise ConfigError([Problem(path, None, "", f"cannot be read: {error.strerror}")]) from None


def _stem(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[0]


def _values(content: bytes, place: str) -> dict[str, Value]:
    try:
        text = content.decode("utf-8-sig")
        fields = parse_object(text, json5=place.endswith(".json5"))
    except UnicodeDecodeError as error:
        message = f"not UTF-8 at byte {error.start}; save it as UTF-8"
        raise ConfigError([Problem(place, None, "", message)]) from None
    except TextError as error:
        raise ConfigError([Problem(place, error.line, "", str(error))]) from None
    fields.pop("$schema", None)  # for editors
    return {field: Value(value, place, text) for field, value in fields.items()}


def _problems(error: ValidationError, values: Mapping[str, Value], place: str) -> Iterator[Problem]:
    for detail in error.errors(include_url=False, include_context=False):
        field = str(detail["loc"][0])
        if field not in values:
            yield Problem(place, None, field, f"missing; need {_allowed(field)}")
            continue
        value = values[field]
        line = field_lines(value.text).get(field)
        if field not in FIELDS:
            near = difflib.get_close_matches(field, FIELDS, 1)
            hint = f"did you mean {near[0]}?" if near else f"the fields are {', '.join(FIELDS)}"
            yield Problem(value.place, line, _printable(field), f"no field of a pipeline; {hint}")
        else:
            yield Problem(value.place, line, field, f"found {_found(value.value)}, need {_allowed(field)}")


def _check_id(found: object, place: str) -> list[Problem]:
    try:
        _PIPELINE_ID.validate_python(found, strict=True)
    except ValidationError:
        return [Problem(place, None, "ids", f"found {_found(found)}, need {_allowed('id')}")]
    return []


def _allowed(field: str) -> str:
    return str(PipelineConfig.model_fields[field].description)


def _found(value: object, longest: int = 80) -> str:
    text = json.dumps(value, default=str)
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text):,} characters)"


def _printable(text: str) -> str:
    return text if text.isprintable() else json.dumps(text)


def _get(address: str, timeout_seconds: float = 30) -> bytes:
    # Without a proxy: the service is inside, and looking a proxy up crashes forked processes on macOS.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=timeout_seconds) as answer:
            return bytes(answer.read())
    except http.client.HTTPException as error:  # an answer that breaks off, or is not HTTP
        raise ConnectionError(f"{type(error).__name__}: {error}") from error
