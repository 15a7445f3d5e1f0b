"""Describes a DAG by all that it holds, so that two can be compared, and says where they differ."""
