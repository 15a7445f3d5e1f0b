"""The questions of notebook 00, start here."""

from __future__ import annotations

from workbook.exercises.exercise import Option, Question

QUESTIONS = (
    Question(
        "You run the cell with `stack.start()` a second time. What happens?",
        "Your own Airflow",
        (
            Option(
                "Airflow stops and starts again",
                "Airflow is already running, and this notebook only connects to it.",
            ),
            Option(
                "The cell finishes immediately",
                "The notebook connects to the Airflow that is already running.",
                right=True,
            ),
            Option("A second Airflow starts", "All notebooks share one."),
        ),
    ),
    Question(
        "You close the notebook's tab in the browser. What happens to Airflow?",
        "Your own Airflow",
        (
            Option(
                "It stops", "Airflow runs as long as a notebook's kernel does. A browser tab does not matter."
            ),
            Option(
                "It keeps running",
                "The kernel keeps running until you shut it down, and so does Airflow.",
                right=True,
            ),
            Option(
                "It stops after 30 seconds",
                "Every 30 seconds Airflow parses its files. That has nothing to do with the browser.",
            ),
        ),
    ),
)
