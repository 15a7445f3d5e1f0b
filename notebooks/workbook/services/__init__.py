"""The two outside systems of the story: real HTTP servers, each in its own process on loopback."""

from workbook.services.client import ConfigService, JobService, config_service, job_service
from workbook.services.process import Service, ServiceError

__all__ = ["ConfigService", "JobService", "Service", "ServiceError", "config_service", "job_service"]
