"""The questions of notebook 01, Airflow in ten minutes."""

from __future__ import annotations

from workbook.exercises.exercise import Option, Question

QUESTIONS = (
    Question(
        "Which parts of Airflow run the Python code in your DAG file?",
        "The parts",
        (
            Option(
                "The scheduler", "It reads the serialized DAGs from the database and never sees the file."
            ),
            Option(
                "The DAG processor, and the worker of each task",
                "Both import the file, so you pay for it twice.",
                right=True,
            ),
            Option("The API server", "It shows what is in the database."),
        ),
    ),
    Question(
        "The deferrable sensor waits an hour for an approval. For how long does it hold a slot?",
        "The triggerer",
        (
            Option("An hour", "The duration of a task includes the wait, but the slot is free meanwhile."),
            Option("Not at all", "It needs a slot to start, and again to finish."),
            Option(
                "Only briefly, twice",
                "Once when it starts and defers, and once when it resumes and finishes.",
                right=True,
            ),
        ),
    ),
)
