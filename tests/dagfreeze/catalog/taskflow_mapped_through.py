"""XComs through map, zip and concat, with lambdas, named functions, fill values, and each of the other."""
# expect: frozen

from airflow.sdk import DAG, task

with DAG("taskflow_mapped_through", schedule=None):

    @task
    def letters() -> list[str]:
        return ["a", "b"]

    @task
    def words() -> list[str]:
        return ["one", "two", "three"]

    @task
    def show(x):
        print(x)

    def double(value):
        return value * 2

    here, there = letters(), words()
    show.expand(x=here.map(double))
    show.expand(x=here.map(lambda v: v + "!").map(lambda v: v + "?"))
    show.expand(x=here.zip(there))
    show.expand(x=here.zip(there, fillvalue=("nothing", None)).map(lambda pair: pair[0]))
    show.expand(x=here.concat(there.map(double)).zip(there, here))
