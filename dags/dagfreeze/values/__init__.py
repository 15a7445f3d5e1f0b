"""Turns values into code that makes equal ones: literals, imports, constructor calls, and the layout of it."""
