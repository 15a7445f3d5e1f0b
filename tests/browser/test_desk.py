"""The learner's copy in a real JupyterLab: what was typed survives a crash, an update, a reset of other parts."""

from __future__ import annotations

import subprocess
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from support.jupyterlab import SECONDS, jupyterlab, wait_until_ready

from workbook.tools import desk
from workbook.workspace import ROOT

pytestmark = pytest.mark.browser

NOTEBOOK = "02_the_dag_factory.ipynb"
ANSWER = "# my answer"
OPEN = """async path => {
    const panel = await window.jupyterapp.commands.execute('docmanager:open', {path});
    await panel.context.ready;
    window.jupyterapp.shell.activateById(panel.id);  // what is hidden cannot be clicked
}"""


def test_answer_survives_a_killed_server_an_update_and_the_reset_of_another_exercise(
    browser: Browser, tmp_path: Path
) -> None:
    learner = tmp_path / "desk"
    desk.lay_out(desk=learner)
    # the second JupyterLab and its page know nothing of the first: what was open would be opened again, at some time
    scratches = [tmp_path / "first", tmp_path / "second"]
    for scratch in scratches:
        scratch.mkdir()
    page = new_page(browser)
    with jupyterlab(learner, scratches[0]) as (address, server):
        open_notebook(page, address)
        expect(page.locator(".jp-DirListing-itemName")).to_have_text(["notebooks", "README.md"])  # the road
        type_an_answer(page)
        wait_until_written(page, learner / "notebooks" / NOTEBOOK)
        server.kill()

    update_the_project(tmp_path / "project")
    (update,) = desk.lay_out(tmp_path / "project", learner)
    assert (update.name, update.new) == (NOTEBOOK, 1)
    desk.give_back("02.2", desk=learner)

    page.context.close()
    page = new_page(browser)
    with jupyterlab(learner, scratches[1]) as (address, _):
        open_notebook(page, address)
        expect(answer_cell(page).locator(".cm-content")).to_contain_text(ANSWER, timeout=300 * SECONDS)
        page.locator(".jp-MarkdownCell", has_text="A new paragraph").first.wait_for(timeout=300 * SECONDS)
    page.context.close()
    status = ["git", "status", "--porcelain", "notebooks"]
    changed = subprocess.run(status, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert NOTEBOOK not in changed


def new_page(browser: Browser) -> Page:
    return browser.new_context(viewport={"width": 1400, "height": 1000}).new_page()


def open_notebook(page: Page, address: str) -> None:
    """Open it once the welcome page is there, which would come in front of it."""
    wait_until_ready(page, address)
    expect(page.locator(".jp-MarkdownViewer .jp-RenderedMarkdown")).to_be_visible(timeout=300 * SECONDS)
    page.evaluate(OPEN, f"notebooks/{NOTEBOOK}")


def type_an_answer(page: Page) -> None:
    cell = answer_cell(page)
    cell.scroll_into_view_if_needed(timeout=300 * SECONDS)
    cell.locator(".cm-line").last.click()
    page.keyboard.press("End")
    page.keyboard.type(f"\n{ANSWER}")
    expect(cell.locator(".cm-content")).to_contain_text(ANSWER)
    page.keyboard.press("Control+s")  # autosave would do, but waits ten times as long as the last save took


def answer_cell(page: Page) -> Locator:
    return page.locator(".jp-NotebookPanel .jp-CodeCell", has_text='@check("02.1")').first


def wait_until_written(page: Page, notebook: Path) -> None:
    """Wait for the server, which writes the file."""
    for _ in range(600):
        if ANSWER in notebook.read_text(encoding="utf-8"):
            return
        page.wait_for_timeout(0.5 * SECONDS)
    raise AssertionError("what was typed was not saved")


def update_the_project(project: Path) -> None:
    (project / "notebooks").mkdir(parents=True)
    (project / "images").mkdir()
    (project / "README.md").write_text("A newer version.", encoding="utf-8")
    notebook = nbformat.read(ROOT / "notebooks" / NOTEBOOK, as_version=4)
    notebook.cells.insert(1, nbformat.v4.new_markdown_cell("A new paragraph."))
    nbformat.write(notebook, project / "notebooks" / NOTEBOOK)
