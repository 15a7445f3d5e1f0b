"""Pipelines as data: a validated configuration, the one DAG shape they all share, and a generator of DAG files."""
