"""How the workbook's JupyterLab differs from JupyterLab: local, silent, and it begins at the welcome page."""

import os
import signal
from pathlib import Path

from workbook.workspace import free_port

c = get_config()  # type: ignore[name-defined]  # noqa: F821

c.LabApp.default_url = "/lab/tree/README.md"
c.LabApp.app_settings_dir = str(Path(__file__).parent)  # overrides.json

c.ServerApp.ip = "127.0.0.1"
c.ServerApp.port = free_port()
c.ServerApp.use_redirect_file = False  # some browsers may not read a file in a hidden folder
c.ServerApp.allow_root = (
    True  # in a container there is often nobody else; the server is local and wants a token
)
c.ServerApp.answer_yes = True  # Ctrl-C means it
# without a terminal Jupyter would let the interrupt fall into whatever is going on, and forget its kernels
signal.signal(signal.SIGINT, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
# what pages link to; learners see the road, and their notes
c.ContentsManager.hide_globs = ["dags", "images", "slides", "src", "LICENSE*", "__pycache__"]

# nobody outside is asked for news, updates or extensions
c.LabApp.news_url = ""
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"

# the sources in notebooks/src are text here; jupytext would open them, and README.md, as notebooks
c.ServerApp.jpserver_extensions = {"jupyterlab_jupytext": False}
