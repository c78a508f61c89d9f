"""Live time. Below the flows and the command line nothing reads a clock: time is handed in."""

from datetime import UTC, datetime

from prefect.runtime import flow_run


def live_now() -> datetime:
    """Now, UTC."""
    return datetime.now(UTC)


def scheduled_start() -> datetime:
    """When this run was meant to start, UTC: the slot of a schedule. Outside of a run, now."""
    planned = flow_run.scheduled_start_time
    return planned.astimezone(UTC) if isinstance(planned, datetime) else live_now()
