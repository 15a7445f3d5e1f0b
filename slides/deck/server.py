"""A small server on loopback that builds the deck again on save; the browser reloads and keeps its slide."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from deck.source import DeckError

LOOK_EVERY_SECONDS = 0.4
RELOAD = b"""
<script>
let built = null;
setInterval(async () => {
  const answer = await fetch("/built").then(answer => answer.json()).catch(() => null);
  if (!answer) return;
  document.getElementById("problem").textContent = answer.problem;
  if (built !== null && answer.built !== built) location.reload();
  built = answer.built;
}, 700);
</script>
<style>
#problem { position: fixed; z-index: 99; inset: auto 0 0; padding: 0 20px; font: 24px sans-serif }
#problem { color: #fff; background: #96400a }
</style>
<div id="problem" role="status"></div>
"""


class LiveDeck:
    """The folder with the deck, and what the last build said."""

    def __init__(self, folder: Path, sources: Iterable[Path], build: Callable[[], object]) -> None:
        self.folder, self.sources, self.build = folder, list(sources), build
        self.built, self.problem = 0, ""
        self.last_times = self._times()

    def rebuild(self) -> None:
        """Build; a deck that cannot be built leaves the last good one in place."""
        try:
            self.build()
            self.problem = ""
            self.built += 1
        except DeckError as problem:
            self.problem = str(problem)
        print(self.problem or f"built {time.strftime('%H:%M:%S')}", flush=True)

    def look(self) -> bool:
        """Build when a source was saved since the last look; say whether that was so."""
        times = self._times()
        if times == self.last_times:
            return False
        self.last_times = times
        self.rebuild()
        return True

    def _times(self) -> dict[Path, int]:
        files = (
            file for source in self.sources for file in ([source] if source.is_file() else source.rglob("*"))
        )
        times = {}
        for file in files:
            try:
                times[file] = file.stat().st_mtime_ns
            except FileNotFoundError:  # an editor is replacing it just now
                continue
        return times


class Handler(SimpleHTTPRequestHandler):
    """The built files, index.html with the reloading script."""

    def __init__(self, *arguments: object, deck: LiveDeck) -> None:
        self.deck = deck
        super().__init__(*arguments, directory=str(deck.folder))  # type: ignore[arg-type]

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/built":
            self._send(
                json.dumps({"built": self.deck.built, "problem": self.deck.problem}).encode(),
                "application/json",
            )
        elif path in ("/", "/index.html"):
            page = (self.deck.folder / "index.html").read_bytes()
            self._send(page.replace(b"</body>", RELOAD + b"</body>"), "text/html; charset=utf-8")
        else:
            super().do_GET()

    def _send(self, content: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing about each request."""


def server(deck: LiveDeck) -> ThreadingHTTPServer:
    """A server on a free port of loopback; `serve_forever` runs it."""
    return ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, deck=deck))


def serve(deck: LiveDeck) -> None:
    """Serve until Ctrl-C."""
    httpd = server(deck)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    print(f"http://127.0.0.1:{httpd.server_address[1]}/  S: presenter window, Ctrl-C: stop", flush=True)
    try:
        while True:
            time.sleep(LOOK_EVERY_SECONDS)
            deck.look()
    except KeyboardInterrupt:
        httpd.shutdown()
