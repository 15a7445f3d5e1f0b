"""A callback that Airflow renders when it calls it."""

from airflow.sdk.bases.notifier import BaseNotifier


class Letter(BaseNotifier):
    template_fields = ("text",)
    template_ext = (".sql",)

    def __init__(self, text):
        super().__init__()
        self.text = text

    def notify(self, context):
        print(self.text)
