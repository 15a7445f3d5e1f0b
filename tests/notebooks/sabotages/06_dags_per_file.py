"""Every claim of its lesson, in the order in which it makes them, with the edit that makes it false."""

from support.sabotage import Sabotage

SABOTAGES = [
    Sabotage(
        "each layout and the factory define every DAG",
        'layouts |= {name: measure(here / name) for name in ("10", "50")}',
        """
next((here / "50" / "dags").glob("*.py")).unlink()
layouts |= {name: measure(here / name) for name in ("10", "50")}
lay_out(here / "50", pipelines, limits["50"])
""",
    ),
    Sabotage(
        "a cycle with one DAG per file takes at least twice as long as one with at most 50 per file",
        '"1": 1, "10": 10, "50": 50,',
        '"1": 50, "10": 10, "50": 1,',
    ),
    Sabotage(
        "with one DAG per file, a cycle parses a file for every DAG; with the factory, it parses one file",
        'factory = measure(here / "factory")',
        'factory = layouts["1"]',
    ),
    Sabotage(
        "with all DAGs in one file, the database stores at least twice as much text as with at most 50 per file",
        '"all": len(pipelines)}',
        '"all": 1}',
    ),
    Sabotage(
        "with the guard, a task start builds one DAG, whatever the layout",
        "return file, inside[len(inside) // 2]",
        'return file, "nobody"',
    ),
    Sabotage(
        "without the guard, a task start builds every DAG of the file",
        '"get_parsing_context().dag_id", "None"',
        '"nothing of the kind", "None"',
    ),
    Sabotage(
        "with the JSON factory, a task start builds every DAG of the catalog",
        "names = list(limits)",
        """
names = list(limits)
plain = here / "factory" / "dags" / "dynamic" / "from_json.py"
plain.write_text(plain.read_text().replace("read_catalog(CATALOG):", "read_catalog(CATALOG)[:1]:"))
""",
    ),
    Sabotage(
        "with all DAGs in one file, a task start takes at least three times the CPU time with the guard off",
        "if not guarded:",
        "if False:",
    ),
    Sabotage(
        "a broken file takes down its own DAGs and no others",
        'file.write_text(f"{good[name]}this is neither Python nor JSON\\n")',
        "file.write_text(good[name])",
    ),
    Sabotage(
        "a broken configuration takes down every DAG of the JSON factory",
        'own["JSON factory"] = list(supply)[:120]',
        'own["JSON factory"] = list(supply)[:119]',
    ),
    Sabotage(
        "for one changed configuration the build writes one file, whatever the layout",
        '"new-team@x.example"}), *rest]',
        '"new-team@x.example"}), *(other.model_copy(update={"steps": 7}) for other in rest)]',
    ),
    Sabotage(
        "Airflow immediately parses the written files and no others, so it does not parse the factory",
        "home.parsed_again(side, change_one_of_each)",
        "[change_one_of_each(), home.parsed_again(side, lambda: None)][1]",
    ),
    Sabotage(
        "no DAG moves when one is added",
        "    run(FREEZE, source, last=1)",
        '    run(f"{FREEZE} --reshard --dags-per-file 20", source, last=1)',
    ),
    Sabotage(
        "the build writes one file, and Airflow parses that file again",
        "home.parsed_again(frozen, add_one)",
        "[add_one(), home.parsed_again(frozen, lambda: None)][1]",
    ),
    Sabotage(
        "no DAG moves when the number of DAGs doubles",
        'write_catalog(source / "catalog", grown[41:])',
        'write_catalog(source / "catalog", grown[41:])\n'
        'run(f"{FREEZE} --reshard --dags-per-file 60", source, last=1)',
    ),
    Sabotage(
        "Airflow looks for each moved DAG in a file that no longer holds it",
        'again = home.parsed_again(frozen, lambda: run(f"{FREEZE} --reshard", source, last=2), look=False)',
        """
home.settings["dag_processor.refresh_interval"] = 2
again = home.parsed_again(frozen, lambda: run(f"{FREEZE} --reshard", source, last=2))
""",
    ),
    Sabotage(
        "a task start of a moved DAG finds no DAG in that file",
        "(frozen / str(file), str(dag_id))",
        "(frozen / split[str(dag_id)], str(dag_id))",
    ),
    Sabotage(
        "afterwards every DAG can run again",
        "cycle = home.parse_cycle(frozen)",
        'next(frozen.glob("*.py")).unlink()\ncycle = home.parse_cycle(frozen)',
    ),
    Sabotage(
        "each moved DAG has a second version, and no other DAG has one",
        "home.begin_runs(crowded)",
        "pass",
    ),
    Sabotage(
        "on layouts that it has not seen, the model is off by less than a factor of five",
        "costs.cycle_seconds(layout.sizes, processes=layout.processes)",
        "costs.cycle_seconds(layout.sizes * 100, processes=layout.processes)",
    ),
    Sabotage(
        "for 2,000 DAGs the model predicts a cycle at least twice as long with one per file as with at most 50",
        "shard_sizes(2000, limit)",
        "shard_sizes(2000, 40)",
    ),
]
