"""A retry policy that is a class of the file."""
# expect: frozen or refused: Stubborn

from airflow.sdk import DAG, RetryDecision, RetryPolicy, task


class Stubborn(RetryPolicy):
    def __init__(self, tries=3):
        self.tries = tries

    def evaluate(self, exception, try_number, max_tries, context=None):
        return RetryDecision.retry() if try_number < self.tries else RetryDecision.fail("enough")

    def serialize(self):
        return {"tries": self.tries}


with DAG("retry_policy_of_the_file", schedule=None):

    @task(retries=9, retry_policy=Stubborn(tries=5))
    def work():
        raise ValueError

    work()
