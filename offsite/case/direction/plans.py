"""The plan in writing and its objectives."""

from collections.abc import Sequence

from models.plan import Objective, Plan
from offsite.case.case import Case


def objectives(case: Case, plan: Plan) -> Sequence[Objective]:
    """The objectives that were agreed with a plan."""
    return [row for row in case.of(Objective) if row.event_id == plan.event_id]


def agreed_plan(case: Case) -> Plan | None:
    """The newest plan agreed by both school and provider with at least one objective, each with measure and date."""
    for plan in reversed(case.of(Plan)):
        agreed = {"school", "provider"} <= set(plan.agreed_by)
        wanted = objectives(case, plan)
        if agreed and wanted and all(o.measure and o.by for o in wanted):
            return plan
    return None
