"""A deferrable operator with methods that it resumes in, and hooks before and after."""
# expect: frozen

from datetime import timedelta

from airflow.providers.standard.triggers.temporal import TimeDeltaTrigger
from airflow.sdk import DAG, BaseOperator

PAUSE = timedelta(seconds=4)


def before(context):
    print("before", context["ds"])


class Nap(BaseOperator):
    template_fields = ()

    def execute(self, context):
        self.defer(trigger=TimeDeltaTrigger(PAUSE), method_name=self.awake.__name__, kwargs={"n": 1})

    def awake(self, context, event=None, n=0):
        return n

    def on_kill(self):
        print("killed", PAUSE)


with DAG("operator_deferrable_of_the_file", schedule=None):
    Nap(task_id="nap", pre_execute=before, post_execute=lambda context, result: print(result, PAUSE))
