"""Imports of modules of packages, in every form, which tasks reach through other names of the packages."""
# expect: frozen

import email
import http
import http.server as _server  # noqa: F401
import os
import sys
import xml
from email.mime import text  # noqa: F401
from os import path  # noqa: F401
from typing import TYPE_CHECKING

from airflow.sdk import DAG, task

try:
    import xml.dom.minidom
except ImportError:
    pass
if sys.version_info > (3, 8):
    import helpers.renamed
if TYPE_CHECKING:
    import http.cookies  # noqa: F401

PACKAGES = {"http": http}

with DAG("import_of_submodules_in_every_form", schedule=None):

    @task
    def name():
        package = xml
        return (
            package.dom.minidom.__name__,
            PACKAGES["http"].server.__name__,
            getattr(email, "mime").text.__name__,
            helpers.renamed.ring.__name__,
            os.path.__name__,
        )

    name()
