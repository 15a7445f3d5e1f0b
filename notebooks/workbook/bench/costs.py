"""The costs of layouts, of freezing and of waiting as figures to quote; the modules beside it measure them."""

from __future__ import annotations

from workbook.bench import freeze
from workbook.bench.figures import Measured, Result, as_count, as_percent, as_seconds, as_times
from workbook.bench.layouts import cycle_costs
from workbook.bench.waiting import LARGE, SMALL, waiting_costs


def layouts() -> Measured:
    """1,000 DAGs on the real DAG processor: frozen one per file and in shards, two factories; the model of it."""
    costs = cycle_costs()
    dags, service, catalog = costs["dags"], costs["cycle_s_service"], costs["cycle_s_json"]
    one_each, fifty = costs["cycle_s_1_per_file"], costs["cycle_s_50_per_file"]
    how = f"repeated cycle of the DAG processor over {dags:,.0f} DAGs"
    model = "error for layouts it was not fitted to"
    results = {
        "cycle_dags": Result(dags, "DAGs", f"{dags:,.0f}", how),
        "cycle_shards": as_seconds(fifty, f"{how}, at most 50 per frozen file"),
        "cycle_file_per_dag_over_shards": as_times(
            costs["one_vs_50"],
            "the same cycle with one frozen file per DAG, compared with at most 50 per file",
        ),
        "cycle_json": as_seconds(
            catalog, "the same cycle with one factory that reads JSON files and makes no calls"
        ),
        "cycle_service_minus_shards": as_seconds(
            costs["service_extra_s"],
            "how much longer the cycle of the shards is with the factory that asks a service",
        ),
        "cycle_calls": as_seconds(costs["calls_s"], "of this, spent on the service's answers, 20 ms per DAG"),
        "model_error": as_percent(costs["model_error"], f"the model's median {model}"),
        "model_error_worst": as_percent(costs["model_error_worst"], f"the model's worst {model}"),
    }
    chart = {
        "values": [
            ["factory that asks a service", service],
            ["one frozen file per DAG", one_each],
            ["factory that reads JSON files", catalog],
            ["at most 50 DAGs per guarded file", fifty],
        ],
        "highlight": "at most 50 DAGs per guarded file",
        "title": "A file for each DAG parses slowly, and so does a call for each DAG",
        "sentence": f"A cycle over {dags:,.0f} DAGs takes «{service:.0f} s» as a factory that asks a service, "
        f"«{one_each:.0f} s» as one frozen file per DAG, «{catalog:.0f} s» as a factory that reads JSON files, "
        f"«{fifty:.0f} s» with at most 50 in a frozen file.",
    }
    return results, {"cycle": {"function": "bars", "data": chart}}


def freezer() -> Measured:
    """CPU of the frozen files and of the freezing, against a loop by hand and two published factories."""
    imports = freeze.import_costs()
    starts = freeze.task_start_costs()
    costs = freeze.freeze_costs()
    dags, tenth = f"{costs['dags']:,.0f}", f"{costs['dags'] / 10:,.0f}"
    how = f"CPU time to import {imports['dags']} DAGs, at most 50 per frozen file, compared with"
    return {
        "import_frozen_over_loop": as_times(
            imports["frozen_vs_loop"], f"{how} the leanest hand-written loop"
        ),
        "import_frozen_over_dag_factory": as_times(
            imports["frozen_vs_dag_factory"], f"{how} dag-factory, from whose YAML they were frozen"
        ),
        "import_frozen_over_gusty": as_times(
            imports["frozen_vs_gusty"], f"{how} gusty, from whose YAML they were frozen"
        ),
        "task_start_shard_over_single": as_times(
            starts["shard_vs_single"],
            "CPU time to import the file at a task start: a guarded file of 50 compared with a file of one",
        ),
        "freeze_over_import": as_times(
            costs["freeze_vs_import"],
            f"CPU time to freeze {dags} DAGs and prove them equal, compared with one import of them",
        ),
        "freeze_growth": as_times(
            costs["growth"],
            f"CPU time to freeze a DAG among {dags}, compared with one among {tenth} (Airflow's start excluded)",
        ),
        "freeze_dags": as_count(costs["dags"], "DAGs", "frozen, and again after one of them was edited"),
        "freeze_files_written": as_count(
            costs["edited_files"], "files", f"files written when one of {dags} DAGs was edited"
        ),
    }, {}


def waiting() -> Measured:
    """Jobs that run elsewhere, on a complete Airflow: makespans, slots held, a killed triggerer, 512 deferred tasks."""
    costs = waiting_costs()
    large, small = LARGE["blocking"], SMALL["blocking"]
    jobs = f"{large.jobs} jobs of {large.seconds:g} s on {large.slots} worker slots"
    held = f"worker slots held, of {large.slots}, while jobs run elsewhere"
    crash = f"{costs['crash_jobs']:.0f} tasks wait while the triggerer is killed and restarted"
    many = f"{costs['deferred']:.0f} tasks that wait at the same time on one triggerer"
    error = "error for run times it was not fitted to"
    results = {
        "makespan_jobs": as_count(large.jobs, "jobs", jobs),
        "makespan_job_seconds": as_seconds(large.seconds, jobs),
        "makespan_slots": as_count(large.slots, "slots", jobs),
        "makespan_blocking": as_seconds(
            costs["blocking_s"], f"{jobs}, blocking ({costs['least_s']:.0f} s is the least possible)"
        ),
        "makespan_deferrable": as_seconds(costs["deferrable_s"], "the same jobs, deferrable"),
        "makespan_blocking_over_deferrable": as_times(
            costs["ratio"], "the same jobs: blocking compared with deferrable"
        ),
        "makespan_overhead": Result(
            costs["overhead_s"],
            "s",
            f"{costs['overhead_s']:.2f} s",
            "what this machine needs for the two starts of a deferred task",
        ),
        "makespan_limit": as_seconds(
            costs["limit_s"],
            f"upper limit for deferrable: the length of two jobs, plus the two starts for each of {large.jobs} tasks",
        ),
        "makespan_small_ratio": as_times(
            costs["small_ratio"],
            f"{small.jobs} jobs of {small.seconds:g} s on {small.slots} slots: blocking compared with deferrable",
        ),
        "slots_held_blocking": as_count(
            costs["held_blocking"],
            "slots",
            f"{held}: blocking, {costs['running_blocking']:.0f} jobs at the same time",
        ),
        "slots_held_deferrable": as_count(
            costs["held_deferrable"],
            "slots",
            f"{held}: deferred, {costs['running_deferrable']:.0f} jobs at the same time",
        ),
        "crash_jobs": as_count(costs["crash_jobs"], "jobs", crash),
        "crash_submitted": as_count(costs["crash_submitted"], "jobs", f"{crash}: jobs submitted in total"),
        "crash_lost": as_count(costs["crash_lost"], "jobs", f"{crash}: jobs lost"),
        "deferred_at_once": as_count(
            costs["deferred"], "tasks", "tasks that wait at the same time on one triggerer"
        ),
        "deferred_completed": as_count(costs["completed"], "tasks", "of these, completed"),
        "triggerer_memory": Result(
            costs["triggerer_mb"],
            "MB",
            f"{costs['triggerer_mb']:.0f} MB",
            "memory of the triggerer's processes meanwhile, with shared memory counted once",
        ),
        "triggerer_polls": as_count(
            costs["polls_per_second"], "per second", f"{many}: polls of the service per second"
        ),
        "simulation_error": as_percent(costs["error"], f"the simulation's median {error}"),
        "simulation_error_worst": as_percent(costs["error_worst"], f"the simulation's worst {error}"),
    }
    return results, {}
