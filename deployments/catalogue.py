"""Every deployment in one list: its flow, its schedule, what it is for. `offsite serve` and prefect.yaml both follow it."""

from importlib import import_module
from typing import Any, NamedTuple, cast

from prefect import Flow
from prefect.schedules import Cron, Schedule

LONDON = "Europe/London"


class Deployed(NamedTuple):
    """One deployment. Its name is its flow's: `sweep-daily/sweep-daily`."""

    name: str
    entry: str
    """module:function, so that a flow has one identity wherever it is loaded."""
    says: str
    cron: str | None = None
    """London time; none: started by a command, or by hand."""
    collapses: bool = False
    """Of runs that are late, only the newest is run: it makes up for the others."""

    @property
    def full_name(self) -> str:
        """flow-name/deployment-name."""
        return f"{self.name}/{self.name}"

    @property
    def schedule(self) -> Schedule | None:
        """Its schedule, in London time."""
        return Cron(self.cron, timezone=LONDON) if self.cron else None

    def flow(self) -> Flow[Any, Any]:
        """The flow, loaded by module."""
        module, _, function = self.entry.partition(":")
        return cast(Flow[Any, Any], getattr(import_module(module), function))


CATALOGUE = (
    Deployed("sweep-daily", "flows.sweep:sweep_daily", "All rules over all placements, each morning.", "0 6 * * *", True),
    Deployed(
        "sweep-quarter-hour",
        "flows.sweep:sweep_quarter_hour",
        "The rules that depend on the time of day, every quarter of an hour, day and night.",
        "*/15 * * * *",
        True,
    ),
    Deployed("dispatch-messages", "flows.dispatch:dispatch_messages", "Escalate and send what waits.", "* * * * *", True),
    Deployed("start-pending", "flows.intake:start_pending", "Start the flows that commands asked for.", "* * * * *", True),
    Deployed("set-up-placement", "flows.set_up:set_up_placement", "Open the tasks of setting up; draft the notice."),
    Deployed("agree-objectives", "flows.objectives:agree_objectives", "Open the tasks of agreeing the plan."),
    Deployed("governor-review", "flows.review:governor_review", "Do what one review needs at one of its moments."),
    Deployed(
        "assess-reintegration",
        "flows.reintegration:assess_reintegration",
        "Assemble the evidence of readiness, criterion by criterion. May be started by hand.",
    ),
    Deployed("close-placement", "flows.closure:close_placement", "Open the tasks of an ending."),
)
