"""Every claim of its lesson, in the order in which it makes them, with the edit that makes it false."""

from support.sabotage import Sabotage

SABOTAGES = [
    Sabotage(
        "the largest factory takes at least twice as long as the smallest",
        "for pipelines in size.numbers\n",
        "for pipelines in size.numbers[::-1]\n",
    ),
    Sabotage(
        "the audit finds the line that opens a connection for each pipeline",
        "config_service(40, latency=0.020)",
        "config_service(39, latency=0.020)",
    ),
    Sabotage(
        "the import spends more time waiting for the service than on anything else",
        "slowest = profile(asking)",
        'slowest = profile(dag_folder(here / "quiet", "from_json", 40) / "dynamic" / "from_json.py")',
        "b",
    ),
    Sabotage(
        "the factory with JSON files opens no connection",
        "calls, files = (",
        r"""call = f"import urllib.request; urllib.request.urlopen('{service.url}/pipelines')"
reading.write_text(f"{reading.read_text()}\n{call}\n")
calls, files = (""",
    ),
    Sabotage(
        "it opens one file for each pipeline instead",
        'dag_folder(here / "reading", "from_json", 40)',
        'dag_folder(here / "reading", "from_json", 41)',
        "b",
    ),
    Sabotage(
        "json5 takes at least 100 times as long as json",
        "reader_seconds(json.loads",
        "reader_seconds(json5.loads",
    ),
    Sabotage(
        "pyjson5, which is compiled, is at least 20 times as fast as json5 for the same texts",
        "reader_seconds(pyjson5.loads",
        "reader_seconds(json5.loads",
        "b",
    ),
    Sabotage(
        "the JSON5 factory spends more than a third of its import reading JSON5",
        'dag_folder(here / "fancy", "from_json5", 100) / "dynamic" / "from_json5.py"',
        'dag_folder(here / "fancy", "from_json", 100) / "dynamic" / "from_json.py"',
    ),
    Sabotage(
        "each of 40 copies opens all 40 configurations",
        'one_copy = sorted((copies / "dynamic").glob("*.py"))[0]',
        'one_copy = next((dag_folder(here / "few", "file_per_dag", 3) / "dynamic").glob("*.py"))',
    ),
    Sabotage(
        "twice the pipelines mean four times as many configurations to open",
        'dag_folder(here / "half", "file_per_dag", 20)',
        'dag_folder(here / "half", "file_per_dag", 19)',
    ),
    Sabotage(
        "both layouts define the same DAGs",
        "forty_files = parse_cycle(copies)",
        'forty_files = parse_cycle(dag_folder(here / "fewer", "file_per_dag", 39))',
        "b",
    ),
    Sabotage(
        "the copies take at least three times as long as the single factory",
        'one_file = quicker_of_two(dag_folder(here / "one", "from_json", 40))\nforty_files = parse_cycle(copies)',
        'one_file = quicker_of_two(copies)\nforty_files = parse_cycle(dag_folder(here / "one", "from_json", 40))',
    ),
    Sabotage(
        "the calm DAG has one version, however often it is parsed",
        "description='\"made by the factory\"'",
        "description='f\"made at {datetime.now()}\"'",
    ),
    Sabotage(
        "the restless DAG has a new version after every run",
        "description='f\"made at {datetime.now()}\"'",
        "description='\"made once\"'",
        "b",
    ),
    Sabotage(
        "with calls of 0.1 s, 400 DAGs need more than 30 s",
        "plain.import_seconds(400, calls_per_dag=1, latency=0.1)",
        "plain.import_seconds(400, calls_per_dag=0, latency=0.1)",
    ),
    Sabotage(
        "without calls the same 400 DAGs need less than 30 s",
        "without_calls = plain.import_seconds(400)",
        "without_calls = plain.import_seconds(400, calls_per_dag=1, latency=0.1)",
        "b",
    ),
]
