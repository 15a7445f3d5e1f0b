"""The workbook in a real JupyterLab in a real browser: its welcome page, and notebooks from top to bottom."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nbformat
import psutil
import pytest
from playwright.sync_api import Browser, Page, expect
from support.jupyterlab import SECONDS, jupyterlab, wait_until_ready

from workbook.stack.kernels import keep_airflow
from workbook.tools.build import NOTEBOOKS
from workbook.workspace import ROOT

pytestmark = pytest.mark.browser

# every kind of output that there is; to run the others here as well would cost minutes, and nbval runs them all
NAMES = sorted(path.stem for path in NOTEBOOKS.glob("0[0-4]*.ipynb"))
EXPLORERS = [
    name for name in NAMES if "parse_explorer(" in (NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8")
]
RUN = """async path => {
    const app = window.jupyterapp;
    const panel = await app.commands.execute('docmanager:open', {path});
    await panel.context.ready;
    await panel.sessionContext.ready;
    app.shell.activateById(panel.id);
    await app.commands.execute('notebook:run-all-cells');
    return panel.content.model.toJSON().cells;
}"""
EVERY_EXPLORER = """\
from workbook.models.parse_costs import LayoutCosts, ParseCosts
from workbook.charts.layout_explorer import layout_explorer
from workbook.charts.parse_explorer import parse_explorer
from workbook.models.waiting import Case, Overheads
from workbook.charts.waiting_explorer import waiting_explorer

costs = ParseCosts(0.05, 0.0033)
layouts = LayoutCosts(costs, start=0.3, write_per_file=0.012, write_per_dag=0.001, write_per_copy=2e-6)
display(
    parse_explorer({"JSON": costs}),
    layout_explorer(layouts, costs),
    waiting_explorer(Overheads(), {}, megabytes_per_slot=40, begin=Case("blocking", 16, 6)),
)
"""
CUT_OFF = """labels => labels.filter(label => {
    const words = document.createRange();
    words.selectNodeContents(label);
    return words.getBoundingClientRect().width > label.getBoundingClientRect().width;
}).map(label => label.textContent)"""
CLOSE = """async path => {
    const app = window.jupyterapp;
    const panel = await app.commands.execute('docmanager:open', {path});
    await panel.sessionContext.shutdown();
    panel.context.model.dirty = false;
    panel.dispose();
}"""


@pytest.fixture(scope="module")
def address(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A JupyterLab on a copy of what it shows, because it saves what it runs; it must end without a trace."""
    root = tmp_path_factory.mktemp("root")
    lay_out_without_outputs(root)
    scratch = tmp_path_factory.mktemp("scratch")
    with keep_airflow(scratch), jupyterlab(root, scratch) as (address, server):
        yield address
        children = psutil.Process(server.pid).children(recursive=True)
    assert server.returncode == 0
    assert psutil.wait_procs(children, timeout=120)[1] == []


def lay_out_without_outputs(root: Path) -> None:
    """Stored outputs would satisfy every wait for a result."""
    shutil.copy(ROOT / "README.md", root)
    shutil.copytree(ROOT / "images", root / "images")
    (root / "notebooks").mkdir()
    for name in NAMES:
        notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        nbformat.write(notebook, root / "notebooks" / f"{name}.ipynb")
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}  # else JupyterLab asks which one
    explorers = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(EVERY_EXPLORER)], metadata=kernel)
    nbformat.write(explorers, root / "notebooks" / "explorers.ipynb")


@pytest.fixture(scope="module")
def page(browser: Browser, address: str) -> Iterator[Page]:
    """JupyterLab at its welcome page; at the end, nobody but it may have been asked for anything."""
    hosts: set[str] = set()
    window = browser.new_context(viewport={"width": 1400, "height": 1000}).new_page()
    window.on("request", lambda request: hosts.add(urlsplit(request.url).hostname or ""))
    wait_until_ready(window, address)
    yield window
    window.context.close()
    assert hosts <= {"127.0.0.1", ""}, f"JupyterLab asked {sorted(hosts)}"


def test_welcome_page_is_rendered_and_leads_to_the_first_notebook(page: Page) -> None:
    welcome = page.locator(".jp-MarkdownViewer .jp-RenderedMarkdown")
    expect(welcome.locator("h1").first).to_be_visible(timeout=300 * SECONDS)
    expect(page.locator(".jp-Notification, .Toastify__toast")).to_have_count(0)  # no question about news
    welcome.locator("a", has_text=re.compile("start", re.IGNORECASE)).and_(
        page.locator("[href*='00_start_here.ipynb']")
    ).first.click()
    first = page.locator(".jp-NotebookPanel")
    expect(first.locator(".jp-RenderedMarkdown h1").first).to_be_visible(timeout=300 * SECONDS)
    expect(page.locator(".lm-TabBar-tab.jp-mod-current").last).to_contain_text("00_start_here.ipynb")


@pytest.mark.parametrize("name", NAMES)
def test_notebook_runs_from_top_to_bottom(page: Page, name: str) -> None:
    cells: list[dict[str, Any]] = page.evaluate(RUN, f"notebooks/{name}.ipynb")
    try:
        code = [cell for cell in cells if cell["cell_type"] == "code"]
        text = "".join(
            "".join(output["text"])
            for cell in code
            for output in cell["outputs"]
            if output["output_type"] == "stream" and output["name"] == "stdout"
        )
        assert unexpected_errors(code) == []
        assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
        assert "✔ True: " in text
        assert "✘ False: " not in text
        if name in EXPLORERS:
            drive_the_explorer(page)
    finally:
        page.evaluate(CLOSE, f"notebooks/{name}.ipynb")


def test_every_word_beside_a_control_is_shown_whole(page: Page) -> None:
    cells = page.evaluate(RUN, "notebooks/explorers.ipynb")
    try:
        assert unexpected_errors(cells) == []
        page.locator(".lm-TabBar-tab", has_text="explorers.ipynb").click()  # what is hidden has no width
        labels = page.locator(".jupyter-widgets label")
        expect(labels.filter(has_text="guarded")).to_be_visible()
        expect(labels.filter(has_text="waiting")).to_be_visible()
        assert labels.evaluate_all(CUT_OFF) == []
    finally:
        page.evaluate(CLOSE, "notebooks/explorers.ipynb")


def unexpected_errors(code: list[dict[str, Any]]) -> list[str]:
    return [
        f"{output['ename']}: {output['evalue']}"
        for cell in code
        if "raises-exception" not in cell["metadata"].get("tags", [])
        for output in cell["outputs"]
        if output["output_type"] == "error"
    ]


def drive_the_explorer(page: Page) -> None:
    """Move the slider as a learner does, and find its value in the chart."""
    slider = page.locator(".widget-hslider", has_text="DAGs in the file").first
    slider.scroll_into_view_if_needed(timeout=300 * SECONDS)
    before = slider.locator(".widget-readout").inner_text()
    slider.locator(".noUi-handle").focus()
    page.keyboard.press("ArrowRight")
    expect(slider.locator(".widget-readout")).not_to_have_text(before)
    value = slider.locator(".widget-readout").inner_text()
    chart = page.locator(".jupyter-widgets svg").first
    expect(chart).to_contain_text(f"{value} DAGs × ", timeout=300 * SECONDS)
