"""Asks a DAG for what lies beside its file."""


def query(dag):
    return dag.get_template_env().get_template("templates/query.sql").render()
