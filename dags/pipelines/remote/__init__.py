"""Jobs on a remote service: a hook, an operator that waits with or without a worker slot, a sensor, the triggers.

A job is submitted under a key that Airflow keeps for the task, and the service takes a key once. So a worker, a
scheduler or a triggerer may crash at any moment, and Airflow may try again as often as it likes: each finds the job
that is there already.
"""

from pipelines.remote.hook import CONNECTION, RemoteJobHook
from pipelines.remote.jobs import (
    Job,
    JobFailed,
    JobRefused,
    JobTimeout,
    RemoteJobError,
    ServiceUnavailable,
    UnknownJob,
    job_key,
)
from pipelines.remote.operator import RemoteJobOperator
from pipelines.remote.sensor import RemoteJobSensor
from pipelines.remote.triggers import RemoteJobRunTrigger, RemoteJobTrigger

__all__ = [
    "CONNECTION",
    "Job",
    "JobFailed",
    "JobRefused",
    "JobTimeout",
    "RemoteJobError",
    "RemoteJobHook",
    "RemoteJobOperator",
    "RemoteJobRunTrigger",
    "RemoteJobSensor",
    "RemoteJobTrigger",
    "ServiceUnavailable",
    "UnknownJob",
    "job_key",
]
