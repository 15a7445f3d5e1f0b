"""What the notebooks import; it prepares the environment before Airflow is imported.

From what is seen to what it stands on, each room importing only from those below it:

- ``tools``: what `make` calls; ``bench``: what the README and the slides quote
- ``lesson``: what a cell says to its reader; ``charts``: what it draws
- ``exercises``: what a learner writes, and is asked
- ``models``: what predicts a measurement
- ``measure``: what is measured
- ``stack``: a real Airflow; ``services``: the two outside systems of the story
- next to the rooms: ``workspace``, ``scale``, ``environment``, ``catalog``, ``progress``, ``waits`` and
  ``locks``, which everybody may use
"""

from workbook.workspace import prepare_environment

prepare_environment()
