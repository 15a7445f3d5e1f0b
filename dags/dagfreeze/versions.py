"""What differs between versions of Airflow 3; everything else is the same from 3.0 on, or looked up by name."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any


def import_file(file: Path, bundle: Path) -> tuple[list[str], list[Any]]:
    """Import a DAG file as the DAG processor does.

    Args:
        file: the DAG file.
        bundle: root of its bundle.

    Returns:
        Errors in Airflow's words, and the DAGs; neither validated nor changed by cluster policies.
    """
    try:
        from airflow.dag_processing.importers import get_importer_registry
    except ModuleNotFoundError:
        return _import_before_3_2(file)
    importer = get_importer_registry().get_importer(str(file))
    if importer is None:
        return ["Airflow has no importer for it"], []
    result = importer.import_file(file, bundle_path=bundle, safe_mode=False)
    return [error.stacktrace or error.message for error in result.errors], list(result.dags)


def _import_before_3_2(file: Path) -> tuple[list[str], list[Any]]:
    from airflow.models.dagbag import DagBag
    from airflow.sdk import DAG
    from airflow.sdk.definitions._internal.contextmanager import DagContext

    DagContext.autoregistered_dags.clear()
    bag = DagBag(os.devnull, include_examples=False)
    modules = bag._load_modules_from_file(str(file), safe_mode=False)
    dags = [value for module in modules for value in vars(module).values() if isinstance(value, DAG)]
    dags += [dag for dag, _ in DagContext.autoregistered_dags]
    return list(bag.import_errors.values()), list({id(dag): dag for dag in dags}.values())


def list_files(folder: Path) -> list[Path]:
    """Files of a folder that Airflow takes for DAG files, in alphabetical order."""
    try:
        from airflow.dag_processing.importers import get_importer_registry
    except ModuleNotFoundError:
        from airflow.utils.file import list_py_file_paths

        return sorted(map(Path, list_py_file_paths(folder)))
    return sorted(map(Path, get_importer_registry().list_dag_files(folder)))


def stored(dag: Any) -> dict[str, Any]:
    """What Airflow stores of a DAG."""
    from airflow.serialization import serialized_objects

    name = "DagSerialization" if hasattr(serialized_objects, "DagSerialization") else "SerializedDAG"
    serialized: dict[str, Any] = getattr(serialized_objects, name).to_dict(dag)["dag"]
    return serialized


def check_cycle(dag: Any) -> None:
    """Raise Airflow's error when tasks of a DAG wait for each other."""
    if hasattr(dag, "check_cycle"):
        dag.check_cycle()
    else:
        from airflow.utils.dag_cycle_tester import check_cycle

        check_cycle(dag)
