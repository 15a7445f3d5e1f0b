"""Pipelines as data: a validated configuration, the one DAG shape that they share, and jobs on a remote service."""
