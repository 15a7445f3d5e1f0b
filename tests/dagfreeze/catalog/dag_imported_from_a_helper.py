"""The DAG is made in a helper module and only imported here."""
# expect: frozen

from helpers.ready_made import ready_dag

__all__ = ["ready_dag"]
