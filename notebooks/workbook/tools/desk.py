"""The learner's own copy of the notebooks: laid out, and brought up to date without losing a word of theirs.

The id of a cell follows from its text (see `notebook.read_source`). So a cell whose id does not fit its text is the
learner's, and no record of what was laid out is needed.
"""

from __future__ import annotations

import copy
import re
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from workbook.tools.notebook import digest_of
from workbook.workspace import ROOT, WORK

DESK = WORK / "desk"
NOTES = "# My notes\n\nThis file is yours. Neither an update nor a reset changes it.\n"

_LINK = re.compile(r"\]\(([^):#]+)\)")
_EXERCISE = re.compile(r'^@check\("(\d\d\.\d)"\)', re.MULTILINE)


@dataclass(frozen=True)
class Update:
    """What an update has changed in a notebook.

    Attributes:
        name: of the notebook's file.
        new: how many cells the project has written or rewritten.
        answers: how many cells of the learner's stand next to rewritten ones.
    """

    name: str
    new: int
    answers: int


def lay_out(project: Path = ROOT, desk: Path = DESK) -> list[Update]:
    """Copy what learners read and write, and bring what is new to a copy that is there already.

    Args:
        project: the repository.
        desk: the learner's folder, with the same folders in it, so that links hold.

    Returns:
        What has changed in notebooks that were there before.
    """
    (desk / "notebooks").mkdir(parents=True, exist_ok=True)
    for page in [
        project / "README.md",
        *_linked(project / "README.md"),
        *sorted((project / "images").glob("*.svg")),
    ]:
        if page.suffix in ("", ".md", ".svg", ".png"):  # a package `workbook` there would hide the real one
            _copy(page, desk / page.relative_to(project))
    notes = desk / "notebooks" / "my_notes.md"
    if not notes.exists():
        notes.write_text(NOTES, encoding="utf-8")
    updates = (
        _bring(path, desk / "notebooks" / path.name)
        for path in sorted((project / "notebooks").glob("*.ipynb"))
    )
    return [update for update in updates if update]


def _linked(page: Path) -> list[Path]:
    """The files that a page links to or shows."""
    return [page.parent / name for name in dict.fromkeys(_LINK.findall(page.read_text(encoding="utf-8")))]


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists() or target.read_bytes() != source.read_bytes():
        _replace(target, source.read_bytes())


def _replace(target: Path, content: bytes) -> None:
    partial = target.with_name(f".{target.name}.new")
    partial.write_bytes(content)
    partial.replace(target)


def _bring(source: Path, target: Path) -> Update | None:
    """Bring the learner's copy of a notebook up to date; None when there was none, or nothing is new."""
    fresh = _unanswered(source)
    if not target.exists():
        _write(target, fresh)
        return None
    try:
        notebook = nbformat.read(target, as_version=4)
    except ValueError:  # cut off when a disk was full, or no notebook at all
        target.replace(target.with_suffix(f".{uuid.uuid4().hex[:8]}.unreadable"))
        _write(target, fresh)
        return Update(target.name, len(fresh.cells), 0)
    cells, update = merged(notebook.cells, fresh.cells, target.name)
    if update.new == 0 and [cell.id for cell in cells] == [cell.id for cell in notebook.cells]:
        return None
    notebook.cells, notebook.nbformat_minor = cells, 5  # whose cells have ids
    _write(target, notebook)
    return update


def _unanswered(source: Path) -> NotebookNode:
    """A notebook without its outputs, which would tell learners what they are to guess."""
    notebook = nbformat.read(source, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def _write(target: Path, notebook: NotebookNode) -> None:
    _replace(target, nbformat.writes(notebook).encode())


def merged(
    learners: Sequence[NotebookNode], fresh: Sequence[NotebookNode], name: str = ""
) -> tuple[list[NotebookNode], Update]:
    """The cells of a notebook after an update: the project's in its order, and all that the learner wrote.

    Args:
        learners: the cells of the learner's copy.
        fresh: the cells of the project's notebook.
        name: of the notebook.

    A cell that the learner has changed stays where the project still has its original. Where the project has another
    one by now, it stands behind what stood before it, and so do cells that the learner added.
    """
    ids = {cell.id for cell in fresh}
    by_id: dict[str, NotebookNode] = {}
    for cell in learners:
        if by_id.setdefault(_identified(cell, ids), cell) is not cell:  # an editor that gives an id twice
            by_id[_new_id(cell)] = cell
    cells = [by_id.get(cell.id, copy.deepcopy(cell)) for cell in fresh]
    place, answers = 0, 0
    for cell in learners:
        if cell.id in ids:
            place = next(at for at, other in enumerate(cells, start=1) if other.id == cell.id)
        elif is_learners(cell):
            cells.insert(place, cell)
            place, answers = place + 1, answers + 1
    return cells, Update(name, sum(cell.id not in by_id for cell in fresh), answers)


def is_learners(cell: NotebookNode) -> bool:
    """Whether a learner has written or changed a cell; an empty one says nothing."""
    return bool(cell.source.strip()) and cell.get("id", "").partition("-")[0] != digest_of(cell)


def _identified(cell: NotebookNode, ids: Collection[str]) -> str:
    """The id of a cell, which some editors drop; then it is the project's if its text is."""
    if "id" not in cell:
        cell.id = digest_of(cell) if digest_of(cell) in ids else _new_id(cell)
    return str(cell.id)


def _new_id(cell: NotebookNode) -> str:
    cell.id = uuid.uuid4().hex[:8]
    return str(cell.id)


def count_own(desk: Path = DESK) -> int:
    """How many cells of notebooks learners have written or changed; a note and an unreadable notebook count, too."""
    count = 0
    for file in sorted((desk / "notebooks").glob("*")) if desk.exists() else []:
        if file.suffix == ".ipynb":
            try:
                count += sum(map(is_learners, nbformat.read(file, as_version=4).cells))
            except ValueError:  # cut off
                count += 1
        elif file.suffix == ".unreadable" or (
            file.name == "my_notes.md" and file.read_text("utf-8") != NOTES
        ):
            count += 1
    return count


def give_back(name: str, project: Path = ROOT, desk: Path = DESK) -> str:
    """Give a notebook or an exercise back as it was at first.

    Args:
        name: ``03`` or ``03_too_big`` for a notebook, ``03.1`` for an exercise.
        project: the repository.
        desk: the learner's folder.

    Returns:
        What was done, in a sentence.

    Raises:
        ValueError: when there is no such notebook or exercise; the message says which there are.
    """
    stem = name.partition(".")[0] if re.fullmatch(r"\d\d\.\d", name) else name.removesuffix(".ipynb")
    sources = sorted((project / "notebooks").glob("*.ipynb"))
    matches = [path for path in sources if path.stem == stem or path.stem.partition("_")[0] == stem]
    if not matches:
        raise ValueError(f"no notebook {name}; there are {', '.join(path.stem for path in sources)}")
    (source,), target = matches, desk / "notebooks" / matches[0].name
    if stem != name.removesuffix(".ipynb"):
        _give_back_exercise(name, source, target)
        return f"Exercise {name} is as it was at first."
    _write(target, _unanswered(source))
    return f"{source.name} is as it was at first."


def _give_back_exercise(number: str, source: Path, target: Path) -> None:
    fresh = _unanswered(source)
    starters = [cell for cell in fresh.cells if _exercise(cell) == number]
    if not starters:
        numbers = ", ".join(sorted(filter(None, map(_exercise, fresh.cells)))) or "none"
        raise ValueError(f"{source.name} has no exercise {number}; it has {numbers}")
    if not target.exists():
        _write(target, fresh)
        return
    notebook = nbformat.read(target, as_version=4)
    others = [cell for cell in notebook.cells if cell.id != starters[0].id]
    if len(others) < len(notebook.cells):
        notebook.cells = [starters[0] if cell.id == starters[0].id else cell for cell in notebook.cells]
    else:
        notebook.cells = merged(others, fresh.cells)[0]
    _write(target, notebook)


def _exercise(cell: NotebookNode) -> str:
    """The number of the exercise that a code cell is of; nothing for other cells."""
    match = _EXERCISE.search(cell.source) if cell.cell_type == "code" else None
    return match[1] if match else ""
