"""Is indented with tabs."""
# expect: frozen

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, task

with DAG("file_with_tabs", schedule=None, doc_md="""a	b
second line"""):

	@task
	def work(text="a	b"):
		"""a	b"""
		return "a	b", lambda: 1

	work() >> BashOperator(task_id="say", bash_command="echo a	b")
