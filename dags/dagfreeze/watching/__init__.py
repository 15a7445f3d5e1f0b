"""Watches the import of a factory: which calls make its DAGs, and what it reads from outside."""
