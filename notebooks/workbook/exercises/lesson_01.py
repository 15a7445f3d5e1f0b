"""The questions of notebook 01, Airflow in ten minutes."""

from __future__ import annotations

from workbook.exercises.exercise import Option, Question

QUESTIONS = (
    Question(
        "Which parts of Airflow run the Python of your DAG file?",
        "The parts",
        (
            Option(
                "The scheduler", "It reads the serialized DAGs from the database and never sees the file."
            ),
            Option(
                "The DAG processor, and the worker of each task",
                "Both import the file, and so what it costs comes twice.",
                right=True,
            ),
            Option("The API server", "It shows what stands in the database."),
        ),
    ),
    Question(
        "The deferrable sensor waits an hour for an approval. For how long does it hold a slot?",
        "The triggerer",
        (
            Option("An hour", "The duration of a task counts the waiting; the slot was free meanwhile."),
            Option("Not at all", "It needs a slot to begin, and one again to end."),
            Option(
                "For two moments", "One when it begins and defers, one when it resumes and ends.", right=True
            ),
        ),
    ),
)
