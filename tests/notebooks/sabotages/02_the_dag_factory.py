"""Every claim of its lesson, in the order in which it makes them, with the edit that makes it false."""

from support.sabotage import Sabotage

SABOTAGES = [
    Sabotage(
        "ten configurations make ten DAGs in one file",
        "configurations(10)",
        "configurations(9)",
    ),
    Sabotage(
        "two more configurations make two more DAGs",
        "configurations(12)",
        "configurations(11)",
    ),
    Sabotage(
        "no line of code has changed",
        "before = factory.read_text()",
        'before = factory.read_text()\nfactory.write_text(f"{before}# touched\\n")',
    ),
    Sabotage(
        "one changed line changes every DAG",
        'build(config.model_copy(update={"notify": "new-team@x.example"}))',
        "build(config)",
    ),
    Sabotage(
        "one invalid configuration takes down every DAG of the factory",
        '"steps": "three", "destination": ""',
        '"steps": 3',
    ),
    Sabotage(
        "the next parse after the fix brings every DAG back",
        "wrong.write_text(right)",
        "wrong.write_text('{')",
    ),
]
