"""The folder of frozen files: their headers, which DAG is in which, and how they are replaced."""
