"""Exercises, in which the learner writes and is answered, and the questions at the end of a lesson.

How to write one. A lesson's exercises and questions are data in its module, ``lesson_02.py`` for notebook 02:
``EXERCISES``, a tuple of `Exercise`, and ``QUESTIONS``, a tuple of two `Question`. All else comes from there. In the
notebook's source a Markdown cell that says ``exercise 02.1``, and nothing else, becomes three cells: the task, the
starter below ``@check("02.1")``, and the folded solution; one that says ``questions 02`` becomes the questions. The
cell of imports needs ``from workbook.exercises import check, hint, solution``.

- The learner's code is a function or a class. The body of a function named ``dag_file`` is the text of a DAG file, in
  which ``__file__`` and ``globals()`` mean what they mean in a file; that of ``trigger_file`` the text of a module of
  triggers. A starter has at most 14 lines, none of which ends in a semicolon, and does not pass. Exercises are numbered
  in the order in which the notebook has them.
- ``check(attempt)`` runs the code for real and never looks at its text. In an `Attempt` there are ``imported()``, one
  import as Airflow does it, ``call(…)``, one call of the learner's function, and ``run(function, …)``, which calls a
  function of the lesson's module or of ``looks`` in a new process; there `module_of` and `dags_of` import the
  learner's file. What loops, exits, raises or leaves a process gets its sentence by itself. After one of these comes
  ``parsed()``, a cycle of Airflow's DAG processor, which has no such limits. Services and measurements are those of
  the lessons. Lay out a catalog or an address in ``attempt.folder``.
- A check raises `NotYet` with a sentence on what happened and why, and returns a remark for who is done, or "". It
  counts, and compares no seconds.
- Each misconception is a whole wrong answer with the part of the message that it alone gets. Write the answers first.
- ``tests/exercises/test_exercise.py`` takes every lesson's exercises both ways; there is nothing to add to it.
"""

from workbook.exercises.cell import check, hint, solution

__all__ = ["check", "hint", "solution"]
