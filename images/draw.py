"""Draw the workbook's pictures: `python images/draw.py` writes every SVG beside this file and their alternative texts.

The pictures stand in the notebooks, in the README and on the slides, on light and on dark pages,
so each brings its own white ground, and no text is smaller than 24 units of a 1200 units wide picture.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
ALTERNATIVE_TEXTS = HERE / "alternative_texts.json"

FONT = "'Source Sans Pro', 'Source Sans 3', 'Liberation Sans', Arial, Helvetica, 'DejaVu Sans Condensed', sans-serif"
MONO = "'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', monospace"

Point = tuple[float, float]


class Tone(NamedTuple):
    """A fill, the stroke around it, and an ink that is legible on the fill and on white."""

    fill: str
    stroke: str
    ink: str


GREY = Tone("#F1F4F7", "#8A97A5", "#1B2733")
BLUE = Tone("#E3F0FA", "#1F6FA8", "#0E4A76")
ORANGE = Tone("#FDEBDD", "#C2560C", "#96400A")
WHITE = Tone("#FFFFFF", "#8A97A5", "#1B2733")
INK = "#1B2733"
MUTED = "#4B5865"
NIGHT = "#10202E"


@dataclass
class Drawing:
    """An SVG in the making; coordinates grow to the right and downwards."""

    width: int
    height: int
    ground: str | None = "#FFFFFF"
    parts: list[str] = field(default_factory=list)

    def rectangle(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        tone: Tone,
        *,
        radius: float = 10,
        line: float = 2,
    ) -> None:
        """A box with round corners."""
        self._add(
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" rx="{_n(radius)}" '
            f'fill="{tone.fill}" stroke="{tone.stroke}" stroke-width="{_n(line)}"/>'
        )

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = 24,
        ink: str = INK,
        bold: bool = False,
        anchor: str = "start",
        mono: bool = False,
        then: str = "",
    ) -> None:
        """One line of text; ``y`` is its base line. ``then`` goes on in it, smaller and not bold, in whatever font."""
        attributes = f'x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}" fill="{ink}"'
        attributes += f' text-anchor="{anchor}"' if anchor != "start" else ""
        attributes += ' font-weight="600"' if bold else ""
        attributes += f' font-family="{MONO}" class="mono"' if mono else ""
        after = (
            f'<tspan dx="12" font-size="24" font-weight="400">{escape(then, quote=False)}</tspan>'
            if then
            else ""
        )
        self._add(f"<text {attributes}>{escape(words, quote=False)}{after}</text>")

    def lines(
        self,
        x: float,
        y: float,
        lines: Sequence[str],
        *,
        size: float = 24,
        ink: str = INK,
        anchor: str = "start",
    ) -> None:
        """Lines of text below each other; ``y`` is the first base line."""
        for number, words in enumerate(lines):
            self.text(x, y + number * size * 1.2, words, size=size, ink=ink, anchor=anchor)

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        title: str,
        lines: Sequence[str] = (),
        tone: Tone = GREY,
    ) -> None:
        """A part of a system: a box with a bold title and lines about it, centred."""
        self.rectangle(x, y, width, height, tone)
        block = 28 + len(lines) * 29
        top = y + (height - block) / 2
        self.text(x + width / 2, top + 23, title, size=27, ink=tone.ink, bold=True, anchor="middle")
        self.lines(x + width / 2, top + 54, lines, ink=tone.ink, anchor="middle")

    def cylinder(self, x: float, y: float, width: float, height: float, tone: Tone) -> None:
        """A database."""
        bend = 16
        self._add(
            f'<path d="M{_n(x)} {_n(y + bend)} a{_n(width / 2)} {bend} 0 0 1 {_n(width)} 0 v{_n(height - 2 * bend)} '
            f'a{_n(width / 2)} {bend} 0 0 1 {_n(-width)} 0 z" {_paint(tone)}/>'
        )
        self._add(
            f'<path d="M{_n(x)} {_n(y + bend)} a{_n(width / 2)} {bend} 0 0 0 {_n(width)} 0" '
            f'fill="none" stroke="{tone.stroke}" stroke-width="2"/>'
        )

    def page(
        self, x: float, y: float, width: float, height: float, tone: Tone = WHITE, *, fold: float = 16
    ) -> None:
        """A file: a sheet of paper with its corner folded."""
        self._add(
            f'<path d="M{_n(x)} {_n(y)} h{_n(width - fold)} l{_n(fold)} {_n(fold)} '
            f'v{_n(height - fold)} h{_n(-width)} z" {_paint(tone)}/>'
        )
        self._add(
            f'<path d="M{_n(x + width - fold)} {_n(y)} v{_n(fold)} h{_n(fold)}" fill="none" '
            f'stroke="{tone.stroke}" stroke-width="2" stroke-linejoin="round"/>'
        )

    def line(
        self, points: Sequence[Point], ink: str = MUTED, *, width: float = 2, dashed: bool = False
    ) -> None:
        """A line through points."""
        path = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
        dash = ' stroke-dasharray="7 7"' if dashed else ""
        self._add(
            f'<polyline points="{path}" fill="none" stroke="{ink}" stroke-width="{_n(width)}"{dash} '
            'stroke-linejoin="round"/>'
        )

    def arrow(
        self, points: Sequence[Point], ink: str = MUTED, *, both: bool = False, dashed: bool = False
    ) -> None:
        """An arrow through points, with a head at its end, or at both ends."""
        shaft = list(points)
        shaft[-1] = _towards(points[-1], points[-2], 10)
        if both:
            shaft[0] = _towards(points[0], points[1], 10)
            self._head(points[1], points[0], ink)
        self.line(shaft, ink, width=3, dashed=dashed)
        self._head(points[-2], points[-1], ink)

    def hatch(self, x: float, y: float, width: float, height: float, ink: str, *, step: float = 12) -> None:
        """Diagonal lines in a rectangle, so that colour is not the only signal."""
        marks = []
        offset = step
        while offset < width + height:
            x1, y1 = (x + offset, y) if offset <= width else (x + width, y + offset - width)
            x2, y2 = (x, y + offset) if offset <= height else (x + offset - height, y + height)
            marks.append(f"M{_n(x1)} {_n(y1)} L{_n(x2)} {_n(y2)}")
            offset += step
        self._add(f'<path d="{" ".join(marks)}" stroke="{ink}" stroke-width="1.5" fill="none"/>')

    def brace(self, x1: float, x2: float, y: float, ink: str) -> None:
        """A bracket over a stretch, open downwards."""
        self.line([(x1, y + 14), (x1, y), (x2, y), (x2, y + 14)], ink, width=3)

    def number(self, x: float, y: float, number: int, tone: Tone = BLUE) -> None:
        """A number in a disc, centred on a point."""
        self._add(f'<circle cx="{_n(x)}" cy="{_n(y)}" r="19" fill="{tone.ink}"/>')
        self.text(x, y + 9, str(number), ink="#FFFFFF", bold=True, anchor="middle")

    @contextmanager
    def step(self, index: int) -> Iterator[None]:
        """What is drawn inside appears at this step on a slide; elsewhere it is always there."""
        self._add(f'<g class="fragment" data-fragment-index="{index}">')
        yield
        self._add("</g>")

    def svg(self, alternative_text: str) -> str:
        """The file's text."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" '
            f'width="{self.width}" height="{self.height}" role="img" font-family="{FONT}">'
        )
        ground = ""
        if self.ground:
            ground = (
                f'<rect class="ground" x="1" y="1" width="{self.width - 2}" height="{self.height - 2}" rx="14" '
                f'fill="{self.ground}" stroke="#D5DCE3" stroke-width="2"/>'
            )
        title = f"<title>{escape(alternative_text, quote=False)}</title>" if alternative_text else ""
        return "\n".join(line for line in (head, title, ground, *self.parts, "</svg>") if line) + "\n"

    def _add(self, part: str) -> None:
        self.parts.append(part)

    def _head(self, origin: Point, tip: Point, ink: str) -> None:
        back = _towards(tip, origin, 15)
        dx, dy = (tip[0] - back[0]) / 15 * 8, (tip[1] - back[1]) / 15 * 8
        corners = (tip, (back[0] - dy, back[1] + dx), (back[0] + dy, back[1] - dx))
        self._add(f'<polygon points="{" ".join(f"{_n(x)},{_n(y)}" for x, y in corners)}" fill="{ink}"/>')


def _n(value: float) -> str:
    """A number as SVG wants it: short, and the same on every machine."""
    return f"{round(value, 2):g}"


def _paint(tone: Tone) -> str:
    return f'fill="{tone.fill}" stroke="{tone.stroke}" stroke-width="2" stroke-linejoin="round"'


def _towards(start: Point, goal: Point, distance: float) -> Point:
    length = ((goal[0] - start[0]) ** 2 + (goal[1] - start[1]) ** 2) ** 0.5
    return start[0] + (goal[0] - start[0]) / length * distance, start[1] + (
        goal[1] - start[1]
    ) / length * distance


def architecture() -> Drawing:
    """Airflow's parts, and who talks to whom."""
    d = Drawing(1200, 590)
    # what the user writes, and what everything is kept in
    for shift in (16, 8, 0):
        d.page(60 + shift, 40 - shift + 8, 190, 116)
    d.text(155, 100, "DAG files", size=27, bold=True, anchor="middle")
    d.text(155, 132, "Python", anchor="middle", ink=MUTED)
    d.cylinder(40, 470, 1120, 92, GREY)
    d.text(600, 537, "Metadata database", size=27, bold=True, anchor="middle")

    with d.step(0):
        d.box(40, 270, 250, 120, "DAG processor", ["parses the files,", "again and again"], BLUE)
        d.arrow([(155, 168), (155, 266)], BLUE.stroke)
        d.arrow([(155, 394), (155, 468)], BLUE.stroke)
        d.text(172, 438, "serialized DAGs", ink=BLUE.ink)
    with d.step(1):
        d.box(350, 270, 230, 120, "Scheduler", ["decides what runs;", "holds the executor"], BLUE)
        d.arrow([(465, 394), (465, 468)], BLUE.stroke, both=True)
    with d.step(2):
        d.box(
            350, 40, 330, 120, "Workers", ["a slot per running task;", "import the task’s DAG file"], ORANGE
        )
        d.arrow([(465, 266), (465, 164)], BLUE.stroke)
        d.text(480, 222, "starts tasks", ink=BLUE.ink)
        d.arrow([(272, 100), (346, 100)], ORANGE.stroke)
    with d.step(3):
        d.box(910, 270, 250, 120, "API server", ["UI, REST API,", "execution API"], BLUE)
        d.arrow([(1035, 394), (1035, 468)], BLUE.stroke, both=True)
        d.arrow([(684, 100), (950, 100), (950, 266)], ORANGE.stroke, both=True)
        d.lines(712, 136, ["only through the", "execution API"], ink=ORANGE.ink)
        d.box(1000, 40, 160, 120, "You", ["browser,", "scripts"], WHITE)
        d.arrow([(1080, 164), (1080, 266)])
    with d.step(4):
        d.box(640, 270, 210, 120, "Triggerer", ["waits for", "many tasks"], BLUE)
        d.arrow([(745, 394), (745, 468)], BLUE.stroke, both=True)
    return d


def parse_loop() -> Drawing:
    """The way of one DAG file through the DAG processor, with the two timeouts over it."""
    d = Drawing(1200, 560)
    y, high = 225, 130
    d.rectangle(336, y - 34, 528, high + 78, WHITE, radius=14)
    d.text(600, y + high + 30, "a child process, forked for this file", ink=MUTED, anchor="middle")
    d.box(30, y, 220, high, "Queue", ["of DAG files;", "two at a time"], GREY)
    d.box(360, y, 220, high, "Import", ["run every line", "of the file"], BLUE)
    d.box(620, y, 220, high, "Serialize", ["every DAG", "to JSON"], BLUE)
    d.box(950, y, 220, high, "Save", ["to the metadata", "database"], GREY)
    for x1, x2 in ((254, 356), (584, 616), (844, 946)):
        d.arrow([(x1, y + high / 2), (x2, y + high / 2)])

    with d.step(0):
        d.brace(360, 580, 150, ORANGE.stroke)
        d.text(
            350, 128, "import timeout: 30 s", ink=ORANGE.ink, bold=True, size=27, then="then an import error"
        )
    with d.step(1):
        d.brace(336, 864, 66, ORANGE.stroke)
        d.text(
            350,
            46,
            "processor timeout: 50 s",
            ink=ORANGE.ink,
            bold=True,
            size=27,
            then="then the child is killed",
        )
        d.line([(336, 80), (336, y - 36)], ORANGE.stroke, dashed=True)
        d.line([(864, 80), (864, y - 36)], ORANGE.stroke, dashed=True)
    with d.step(2):
        d.arrow([(1060, y + high + 4), (1060, 470), (140, 470), (140, y + high + 4)], BLUE.stroke)
        d.text(
            600, 458, "and again, once 30 s have passed", ink=BLUE.ink, bold=True, size=27, anchor="middle"
        )
        d.text(
            600,
            506,
            "whether or not anything changed; immediately when the file did",
            ink=BLUE.ink,
            anchor="middle",
        )
    return d


def factory_or_static() -> Drawing:
    """What is done once, and what again and again, with a factory and with its frozen files."""
    d = Drawing(1200, 590)
    d.rectangle(640, 20, 540, 550, Tone("#F1F4F7", "#F1F4F7", INK), radius=10)
    d.text(330, 60, "once per change, in your build", size=27, bold=True, anchor="middle")
    d.text(910, 60, "every 30 s, in Airflow", size=27, bold=True, anchor="middle", ink=ORANGE.ink)
    d.line([(640, 20), (640, 570)], MUTED, dashed=True)

    d.text(30, 122, "Factory", size=30, bold=True, ink=ORANGE.ink)
    d.text(30, 160, "nothing happens here", ink=MUTED)
    d.box(664, 96, 230, 150, "Configurations", ["service calls,", "files, parsing"], ORANGE)
    d.box(952, 96, 204, 150, "Loop", ["makes DAGs", "in memory"], ORANGE)
    d.arrow([(898, 171), (948, 171)], ORANGE.stroke)
    d.text(910, 286, "and again at every task start", ink=ORANGE.ink, anchor="middle")

    d.line([(30, 320), (1160, 320)], "#C3CCD5")

    d.text(30, 370, "Frozen", size=30, bold=True, ink=BLUE.ink)
    d.box(30, 396, 230, 150, "Factory", ["as it is: calls,", "files, loop"], BLUE)
    d.box(308, 396, 236, 150, "dagfreeze", ["writes the DAGs,", "proves them equal"], BLUE)
    d.arrow([(264, 471), (304, 471)], BLUE.stroke)
    d.arrow([(548, 471), (704, 471)], BLUE.stroke)
    for shift in (16, 8, 0):
        d.page(708 + shift, 412 - shift, 190, 134, Tone("#FFFFFF", BLUE.stroke, BLUE.ink))
    d.text(803, 472, "Frozen files", size=27, bold=True, ink=BLUE.ink, anchor="middle")
    d.text(803, 506, "DAGs only", ink=BLUE.ink, anchor="middle")
    d.arrow([(918, 471), (968, 471)], BLUE.stroke)
    d.box(972, 396, 184, 150, "Import", ["calls nobody,", "reads nothing"], BLUE)
    d.text(910, 376, "at a task start: its DAG only", ink=BLUE.ink, anchor="middle")
    return d


def shards() -> Drawing:
    """The same 24 DAGs in one file, in four shards and in a file each."""
    d = Drawing(1200, 590)
    columns = (
        (
            30,
            "One file",
            ORANGE,
            ["one fork per cycle,", "one error takes every DAG,", "each task start builds all"],
        ),
        (
            420,
            "Shards",
            BLUE,
            ["few forks per cycle,", "one error takes one shard,", "a task start builds its DAG"],
        ),
        (
            810,
            "A file per DAG",
            ORANGE,
            ["a fork for every DAG,", "one error takes one DAG,", "a task start builds its DAG"],
        ),
    )
    for x, title, tone, words in columns:
        d.text(x + 180, 58, title, size=32, bold=True, ink=tone.ink, anchor="middle")
        d.lines(x + 180, 490, words, anchor="middle")

    _file_of_dags(d, 65, 140, 6, 4, cell=38, tone=ORANGE)
    for index in range(4):
        _file_of_dags(
            d,
            440 + (index % 2) * 166,
            90 + (index // 2) * 170,
            3,
            2,
            cell=38,
            tone=BLUE,
            one_only=index == 3,
        )
    for index in range(24):
        _file_of_dags(d, 842 + (index % 6) * 51, 90 + (index // 6) * 84, 1, 1, cell=20, tone=ORANGE)
    d.text(681, 416, "at a task start", ink=BLUE.ink, anchor="middle")
    d.line([(405, 40), (405, 560)], "#C3CCD5")
    d.line([(795, 40), (795, 560)], "#C3CCD5")
    return d


def _file_of_dags(
    d: Drawing, x: float, y: float, across: int, down: int, *, cell: float, tone: Tone, one_only: bool = False
) -> None:
    """A file with a square for each DAG in it; with ``one_only`` the guard lets only one be built."""
    gap, edge = 8, 10
    width = across * cell + (across - 1) * gap + 2 * edge
    height = down * cell + (down - 1) * gap + 2 * edge + 20
    d.page(x, y, width, height, Tone("#FFFFFF", tone.stroke, tone.ink), fold=14)
    for row in range(down):
        for column in range(across):
            built = not one_only or (row, column) == (0, 1)
            square = Tone(tone.stroke if built else "#FFFFFF", tone.stroke, tone.ink)
            d.rectangle(
                x + edge + column * (cell + gap),
                y + edge + 20 + row * (cell + gap),
                cell,
                cell,
                square,
                radius=5,
            )


def slots() -> Drawing:
    """Eight jobs on four slots: blocked for two rounds, and freed while the triggerer waits."""
    d = Drawing(1200, 610)
    left, unit, row = 190.0, 46.0, 34.0

    d.text(30, 50, "Blocking", size=30, bold=True, ink=ORANGE.ink)
    d.text(left + 30, 50, "a waiting task holds its slot: the second four cannot start", ink=MUTED)
    for slot in range(4):
        y = 70 + slot * (row + 8)
        d.text(left - 16, y + 26, f"slot {slot + 1}", anchor="end")
        for round_ in range(2):
            _waiting(
                d, left + round_ * 10.4 * unit, y, 10 * unit, row, ORANGE, f"job {slot + 1 + 4 * round_}"
            )

    d.line([(30, 262), (1170, 262)], "#C3CCD5")
    d.text(30, 310, "Deferrable", size=30, bold=True, ink=BLUE.ink)
    d.text(left + 30, 310, "slots only submit and finish; the triggerer waits for all", ink=MUTED)
    for slot in range(4):
        y = 330 + slot * (row - 8)
        d.line([(left, y + 20), (1150, y + 20)], "#C3CCD5")
        for start in (0.0, 1.1, 10.6, 11.7):
            d.rectangle(
                left + start * unit, y, 0.8 * unit, 20, Tone(BLUE.stroke, BLUE.stroke, BLUE.ink), radius=4
            )
    d.text(left - 16, 392, "four slots", anchor="end")
    d.rectangle(left + 5.9 * unit - 125, 360, 250, 44, Tone("#FFFFFF", "#FFFFFF", INK), line=0)
    d.text(left + 5.9 * unit, 390, "free for other tasks", ink=BLUE.ink, bold=True, anchor="middle")
    d.text(left - 16, 512, "triggerer", anchor="end")
    for job in range(8):
        start = 0.8 if job < 4 else 1.9
        y = 448 + job * 16
        d.rectangle(
            left + start * unit,
            y,
            9.8 * unit - (1.1 * unit if job >= 4 else 0),
            13,
            BLUE,
            radius=4,
            line=1.5,
        )
        d.hatch(left + start * unit, y, 9.8 * unit - (1.1 * unit if job >= 4 else 0), 13, BLUE.stroke)
    d.arrow([(left, 592), (1160, 592)])
    d.text(left - 16, 598, "time", anchor="end")
    return d


def _waiting(d: Drawing, x: float, y: float, width: float, height: float, tone: Tone, label: str) -> None:
    d.rectangle(x, y, width, height, tone, radius=5)
    d.hatch(x, y, width, height, tone.stroke)
    d.rectangle(
        x + width / 2 - 96, y + 1, 192, height - 2, Tone(tone.fill, tone.fill, tone.ink), radius=0, line=0
    )
    d.text(x + width / 2, y + 26, f"waits for {label}", ink=tone.ink, anchor="middle")


def deferral() -> Drawing:
    """The life of one deferral, in three lanes."""
    d = Drawing(1200, 600)
    lanes = ((70, "Worker slot"), (250, "Triggerer"), (430, "Remote job"))
    for y, name in lanes:
        d.rectangle(20, y, 1160, 150, Tone("#F6F8FA", "#DCE2E8", INK), radius=10)
        d.text(40, y + 84, name, size=27, bold=True)
    d.text(40, 48, "State", ink=MUTED)

    with d.step(0):
        d.text(320, 48, "running", ink=ORANGE.ink, bold=True, anchor="middle")
        d.box(220, 90, 200, 110, "execute()", ["submits"], ORANGE)
        d.number(220, 90, 1, ORANGE)
        d.arrow([(250, 204), (250, 456)], ORANGE.stroke)
        d.rectangle(220, 460, 660, 90, GREY)
        d.text(550, 514, "runs on its own", anchor="middle")
    with d.step(1):
        d.text(545, 48, "deferred", ink=BLUE.ink, bold=True, anchor="middle")
        d.line([(450, 146), (840, 146)], BLUE.stroke, dashed=True)
        d.text(645, 132, "the slot is free", ink=BLUE.ink, bold=True, anchor="middle")
        d.arrow([(380, 204), (380, 325), (436, 325)], BLUE.stroke)
        d.number(380, 232, 2, BLUE)
        d.text(410, 240, "defer(trigger)", ink=BLUE.ink)
    with d.step(2):
        d.box(440, 266, 380, 118, "trigger.run()", ["polls the job"], BLUE)
        d.number(440, 266, 3, BLUE)
        for x in (520, 630, 740):
            d.arrow([(x, 388), (x, 456)], BLUE.stroke, both=True)
    with d.step(3):
        d.text(755, 48, "scheduled, queued", ink=ORANGE.ink, bold=True, anchor="middle")
        d.arrow([(824, 325), (990, 325), (990, 204)], ORANGE.stroke)
        d.number(920, 325, 4, ORANGE)
        d.text(1010, 262, "event", ink=ORANGE.ink)
    with d.step(4):
        d.text(1030, 48, "running, success", ink=ORANGE.ink, bold=True, anchor="middle")
        d.box(870, 90, 295, 110, "execute_complete()", ["reads the event"], ORANGE)
        d.number(870, 90, 5, ORANGE)
    return d


def title_background() -> Drawing:
    """The first and the last slide: more and more DAGs to the right."""
    return _crowd(columns=11, left=822, seed=7, density=lambda x: (x - 740) / 420)


def section_background() -> Drawing:
    """Slides that open a part: a border of DAGs at the right edge."""
    return _crowd(columns=5, left=1060, seed=3, density=lambda x: (x - 1000) / 260)


def _crowd(*, columns: int, left: float, seed: int, density: Callable[[float], float]) -> Drawing:
    """Small DAGs on a dark ground, at places that the seed chooses."""
    d = Drawing(1280, 720, ground=None)
    d._add(f'<rect width="1280" height="720" fill="{NIGHT}"/>')
    dots = "".join(f'<circle cx="{x}" cy="{y}" r="3.5"/>' for x, y in ((0, 0), (13, -8), (13, 8), (26, 0)))
    edges = '<path d="M0 0 l13 -8 l13 8 l-13 8 z" fill="none" stroke="currentColor" stroke-width="1.5"/>'
    d._add(f'<defs><g id="dag" fill="currentColor">{edges}{dots}</g></defs>')
    chance = random.Random(seed)
    for column in range(columns):
        for row in range(18):
            x, y = left + column * 42, 18 + row * 40
            drawn, warm = chance.random() < density(x), chance.random() < 0.08
            if drawn:
                _small_dag(d, x, y, "#E07B39" if warm else "#2F6F9F", 0.35 + 0.5 * density(x))
    return d


def _small_dag(d: Drawing, x: float, y: float, ink: str, opacity: float) -> None:
    d._add(f'<use href="#dag" x="{_n(x)}" y="{_n(y)}" color="{ink}" opacity="{_n(opacity)}"/>')


@dataclass(frozen=True)
class Picture:
    """A drawing, and what it says to somebody who cannot see it."""

    draw: Callable[[], Drawing]
    alternative_text: str


PICTURES = {
    "architecture": Picture(
        architecture,
        "The parts of Airflow 3. The DAG processor parses the DAG files again and again and writes serialized DAGs "
        "to the metadata database. The scheduler decides what runs and, through its executor, starts tasks on the "
        "workers. A worker imports the DAG file of its task and speaks only to the execution API of the API server, "
        "never to the database. The triggerer waits on behalf of many tasks. You use the API server's UI and REST "
        "API. DAG processor, scheduler, triggerer and API server talk to the database.",
    ),
    "parse_loop": Picture(
        parse_loop,
        "The path of a DAG file through the DAG processor: files leave a queue two at a time; for each, a child "
        "process is forked, imports the file and serializes its DAGs; the DAG processor then saves them to the "
        "metadata database. The import has a timeout of 30 seconds; import and serialization together have 50 "
        "seconds, then the child is killed. After 30 seconds the file is parsed again whether or not anything "
        "changed, and immediately if the file itself changed.",
    ),
    "factory_or_static": Picture(
        factory_or_static,
        "Two ways to make DAGs from configurations. A factory does everything inside Airflow, every 30 seconds and "
        "at every task start: it reads the configurations and loops over them. Frozen, the same factory runs once per "
        "change, in the build; dagfreeze writes its DAGs and proves that they are equal; Airflow only imports frozen "
        "files that hold nothing but DAGs, and at a task start builds one DAG.",
    ),
    "shards": Picture(
        shards,
        "The same 24 DAGs, drawn three times. In one file: one fork per parse cycle, one error takes every DAG, "
        "each task start builds all of them. In four shards of six: few forks, one error takes one shard, and "
        "because each DAG is guarded a task start builds its own DAG only. In a file per DAG: a fork for every "
        "DAG, one error takes one DAG, a task start builds its own DAG.",
    ),
    "slots": Picture(
        slots,
        "Eight jobs on four worker slots. Blocking: four waiting tasks hold the four slots, the other four start "
        "only when they have finished, so it takes two rounds. Deferrable: the slots are used for a moment to "
        "submit each job and for a moment to finish it, the triggerer waits for all eight at the same time, and "
        "the slots are free for other tasks meanwhile.",
    ),
    "deferral": Picture(
        deferral,
        "The life of a deferral. 1: execute() runs in a worker slot and submits the remote job. 2: it defers with a "
        "trigger; the task instance is deferred and its slot is free. 3: in the triggerer, trigger.run() polls "
        "the job's state from time to time, asynchronously, while the job runs on its own. 4: the "
        "trigger's event sets the task instance to scheduled again, and it queues for a slot. 5: execute_complete() "
        "runs in a worker slot, reads the event, and the task succeeds.",
    ),
    # backgrounds say nothing, so they have no alternative text
    "background_title": Picture(title_background, ""),
    "background_section": Picture(section_background, ""),
}


def files() -> dict[Path, str]:
    """Every file that this script writes, with its text."""
    texts = {name: picture.alternative_text for name, picture in PICTURES.items() if picture.alternative_text}
    drawn = {
        HERE / f"{name}.svg": picture.draw().svg(picture.alternative_text)
        for name, picture in PICTURES.items()
    }
    return {**drawn, ALTERNATIVE_TEXTS: json.dumps(texts, indent=2, ensure_ascii=False) + "\n"}


def main(arguments: Sequence[str]) -> int:
    """Write the pictures; with ``--check`` only compare, and return 1 when one is not what this script draws."""
    stale = [path for path, text in files().items() if not path.exists() or path.read_text("utf-8") != text]
    if "--check" in arguments:
        for path in stale:
            print(f"images/{path.name} is not what images/draw.py draws; run: python images/draw.py")
        return 1 if stale else 0
    for path in stale:
        path.write_text(files()[path], "utf-8")
        print(f"images/{path.name} written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
