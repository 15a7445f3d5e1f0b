"""A client that pickles by its address alone, and was given more."""
# expect: refused: CLIENT.headers

from airflow.sdk import DAG, task


class Client:
    def __init__(self, host):
        self.host = host
        self.headers = {}

    def __reduce__(self):
        return Client, (self.host,)


CLIENT = Client("example.org")
CLIENT.headers["auth"] = "x"

with DAG("value_that_pickles_without_all", schedule=None):

    @task
    def ask():
        return CLIENT.headers

    ask()
