"""Writes DAGs as a person would: tasks, groups, edges, copied functions, and files of them."""
