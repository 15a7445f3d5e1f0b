"""The learner's copy: laid out once, brought up to date without losing a word, given back in parts."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat import NotebookNode

from workbook.tools import desk
from workbook.tools.notebook import digest_of


def project_cell(text: str) -> NotebookNode:
    """A cell as the project writes it: its id follows from its text."""
    cell = nbformat.v4.new_markdown_cell(text)
    cell.id = digest_of(cell)
    return cell


def exercise_cell(number: str, body: str = "...") -> NotebookNode:
    cell = nbformat.v4.new_code_cell(f'@check("{number}")\ndef dag_file():\n    {body}')
    cell.id = digest_of(cell)
    return cell


def write(path: Path, cells: list[NotebookNode]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)


def texts(path: Path) -> list[str]:
    return [cell.source for cell in nbformat.read(path, as_version=4).cells]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    project = tmp_path / "project"
    write(project / "notebooks" / "02_factory.ipynb", [project_cell("intro"), exercise_cell("02.1")])
    write(project / "notebooks" / "03_big.ipynb", [project_cell("big")])
    (project / "images").mkdir()
    (project / "images" / "one.svg").write_text("<svg/>")
    (project / "docs").mkdir()
    (project / "docs" / "page.md").write_text("a page")
    (project / "README.md").write_text(
        "[a page](docs/page.md) [02](notebooks/02_factory.ipynb) [x](https://a.example)"
    )
    return project


@pytest.fixture
def learner(tmp_path: Path, project: Path) -> Path:
    """The learner's copy, in which the exercise is solved and a note is written."""
    learner = tmp_path / "desk"
    assert desk.lay_out(project, learner) == []
    notebook = learner / "notebooks" / "02_factory.ipynb"
    cells = nbformat.read(notebook, as_version=4).cells
    cells[1].source = cells[1].source.replace("...", "solved")
    write(notebook, [cells[0], nbformat.v4.new_markdown_cell("a note"), cells[1]])
    return learner


def test_copy_has_what_learners_read_and_links_hold(project: Path, learner: Path) -> None:
    files = {str(path.relative_to(learner)) for path in learner.rglob("*") if path.is_file()}
    assert files == {
        *(
            "README.md",
            "docs/page.md",
            "images/one.svg",
            "notebooks/02_factory.ipynb",
            "notebooks/03_big.ipynb",
        ),
        "notebooks/my_notes.md",
    }


def test_second_time_nothing_changes(project: Path, learner: Path) -> None:
    before = {
        path: (path.read_bytes(), path.stat().st_mtime_ns) for path in learner.rglob("*") if path.is_file()
    }
    assert desk.lay_out(project, learner) == []
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in before} == before


def test_update_brings_what_is_new_and_keeps_what_the_learner_wrote(project: Path, learner: Path) -> None:
    solved = '@check("02.1")\ndef dag_file():\n    solved'
    cells = [project_cell("intro, better"), exercise_cell("02.1"), project_cell("outlook")]
    write(project / "notebooks" / "02_factory.ipynb", cells)
    write(project / "notebooks" / "04_new.ipynb", [project_cell("new")])
    assert desk.lay_out(project, learner) == [desk.Update("02_factory.ipynb", 2, 1)]
    assert texts(learner / "notebooks" / "02_factory.ipynb") == ["a note", "intro, better", solved, "outlook"]
    assert texts(learner / "notebooks" / "04_new.ipynb") == ["new"]


def test_answer_to_an_exercise_that_is_another_one_now_stays_with_it(project: Path, learner: Path) -> None:
    new = exercise_cell("02.1", "something else")
    write(project / "notebooks" / "02_factory.ipynb", [project_cell("intro"), new])
    desk.lay_out(project, learner)
    solved = '@check("02.1")\ndef dag_file():\n    solved'
    assert texts(learner / "notebooks" / "02_factory.ipynb") == ["intro", "a note", solved, new.source]


def test_cut_off_notebook_is_put_aside(project: Path, learner: Path) -> None:
    notebook = learner / "notebooks" / "03_big.ipynb"
    notebook.write_text('{"cells": [{"source": "my long an')
    desk.lay_out(project, learner)
    assert texts(notebook) == ["big"]
    assert ["my long an" in path.read_text() for path in notebook.parent.glob("*.unreadable")] == [True]
    notebook.write_text('{"cells": [{"source": "the next')
    assert desk.count_own(learner) == 4
    desk.lay_out(project, learner)
    assert len([*notebook.parent.glob("*.unreadable")]) == 2


def test_notes_and_deleted_notebooks(project: Path, learner: Path) -> None:
    (learner / "notebooks" / "my_notes.md").write_text("mine")
    (learner / "notebooks" / "03_big.ipynb").unlink()
    (learner / "README.md").write_text("scribbled")
    desk.lay_out(project, learner)
    assert (learner / "notebooks" / "my_notes.md").read_text() == "mine"
    assert texts(learner / "notebooks" / "03_big.ipynb") == ["big"]
    assert (learner / "README.md").read_bytes() == (project / "README.md").read_bytes()


@pytest.mark.parametrize("name", ["02.1", "02", "02_factory", "02_factory.ipynb"])
def test_give_back_touches_what_is_named_and_nothing_else(name: str, project: Path, learner: Path) -> None:
    other = learner / "notebooks" / "03_big.ipynb"
    write(other, [nbformat.v4.new_markdown_cell("mine")])
    assert name[:2] in desk.give_back(name, project, learner)
    left = texts(learner / "notebooks" / "02_factory.ipynb")
    starter = exercise_cell("02.1").source
    assert left == (["intro", "a note", starter] if name == "02.1" else ["intro", starter])
    assert texts(other) == ["mine"]


def test_give_back_of_a_deleted_exercise(project: Path, learner: Path) -> None:
    write(learner / "notebooks" / "02_factory.ipynb", [nbformat.v4.new_markdown_cell("mine")])
    desk.give_back("02.1", project, learner)
    assert texts(learner / "notebooks" / "02_factory.ipynb") == [
        "mine",
        "intro",
        exercise_cell("02.1").source,
    ]


@pytest.mark.parametrize(
    ("name", "there_are"), [("9", "02_factory, 03_big"), ("02.7", "it has 02.1"), ("", "02_factory")]
)
def test_what_does_not_exist_is_no_reset(name: str, there_are: str, project: Path, learner: Path) -> None:
    before = (learner / "notebooks" / "02_factory.ipynb").read_bytes()
    with pytest.raises(ValueError, match=there_are):
        desk.give_back(name, project, learner)
    assert (learner / "notebooks" / "02_factory.ipynb").read_bytes() == before


def test_own_work_is_counted(project: Path, learner: Path) -> None:
    assert desk.count_own(learner) == 2
    (learner / "notebooks" / "my_notes.md").write_text("mine")
    assert desk.count_own(learner) == 3
    assert desk.count_own(learner / "nowhere") == 0


words = st.lists(st.text("abc", min_size=1, max_size=3), max_size=6, unique=True)


@given(words, words, st.data())
def test_no_update_loses_what_the_learner_wrote(
    before: list[str], after: list[str], data: st.DataObject
) -> None:
    """Whatever the learner edits, adds, moves and deletes, and whatever the project changes meanwhile."""
    learners = [project_cell(text) for text in before]
    for cell in learners:
        if data.draw(st.booleans()):
            cell.source += " mine"
    for _ in range(data.draw(st.integers(0, 3))):
        learners.insert(data.draw(st.integers(0, len(learners))), nbformat.v4.new_markdown_cell("mine"))
    learners = [cell for cell in data.draw(st.permutations(learners)) if data.draw(st.booleans())]
    for cell in learners:  # as other editors leave them
        match data.draw(st.sampled_from(["kept", "kept", "dropped", "twice"])):
            case "dropped":
                del cell["id"]
            case "twice":
                cell.id = learners[0].get("id", "same")
    answers = sorted(cell.source for cell in learners if "mine" in cell.source)
    fresh = [project_cell(text) for text in after]
    cells, _ = desk.merged(learners, fresh)
    assert sorted(cell.source for cell in cells if "mine" in cell.source) == answers
    assert {cell.id for cell in fresh} <= {cell.id for cell in cells}
    assert len({cell.id for cell in cells}) == len(cells)
    again, update = desk.merged(cells, fresh)
    assert (again, update.new) == (cells, 0)
