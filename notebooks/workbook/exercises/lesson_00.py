"""The questions of notebook 00, start here."""

from __future__ import annotations

from workbook.exercises.exercise import Option, Question

QUESTIONS = (
    Question(
        "You run the cell with `stack.start()` a second time. What happens?",
        "Your own Airflow",
        (
            Option("Airflow ends and starts again", "It runs already, and this notebook holds it."),
            Option(
                "The cell returns immediately",
                "The notebook is connected to the Airflow that runs.",
                right=True,
            ),
            Option("A second Airflow starts", "All notebooks share one."),
        ),
    ),
    Question(
        "You close the notebook's tab in the browser. What becomes of Airflow?",
        "Your own Airflow",
        (
            Option("It ends", "It follows the kernels of the notebooks, and not the tabs of the browser."),
            Option("It goes on", "The kernel lives until you shut it down, and Airflow with it.", right=True),
            Option(
                "It ends after 30 seconds",
                "30 seconds is how often it parses its files, and has no part in this.",
            ),
        ),
    ),
)
