"""Runs a DAG factory once, at build time, and writes its DAGs as plain, guarded files, proven equal."""
