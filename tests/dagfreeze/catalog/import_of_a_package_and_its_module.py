"""An import of a package's module, which a function reaches through another name of the package."""
# expect: frozen

import http
import http.server

from airflow.sdk import DAG, task

with DAG("import_of_a_package_and_its_module", schedule=None):

    @task
    def name():
        package = http
        return package.server.__name__

    name()
