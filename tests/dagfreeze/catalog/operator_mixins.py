"""An operator of two bases, with a class decorator and a classmethod that makes it."""
# expect: frozen

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG


def with_colour(colour):
    def decorate(cls):
        cls.ui_color = colour
        return cls

    return decorate


class Loud:
    loudness = 2

    def __init__(self, *, times=1, **kwargs):
        super().__init__(**kwargs)
        self.times = times

    def execute(self, context):
        return [super().execute(context)] * self.times * self.loudness


@with_colour("#0a0b0c")
class LoudShell(Loud, BashOperator):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)

    @classmethod
    def saying(cls, text, **kwargs):
        return cls(task_id=f"say_{text}", bash_command=f"echo {text}", **kwargs)


with DAG("operator_mixins", schedule=None, default_args={"times": 3}):
    LoudShell.saying("a") >> LoudShell.saying("b", times=5) >> LoudShell(task_id="c", bash_command="echo c")
