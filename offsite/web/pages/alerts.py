"""Alerts: the list, and one alert with its why. Acknowledge, act, hand over and close are four different things."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from offsite.views.alerts import alert_why, open_alerts
from offsite.web.pages.placements import as_csv
from offsite.web.visit import Refuse, Visit, area

router = APIRouter()
Visiting = Annotated[Visit, Depends(area("alerts"))]
STEPS = ("acknowledge", "take", "hand_over", "resolve", "mark_not_useful")


@router.get("/alerts")
def listed(visit: Visiting, page: int = 1, severity: str = "") -> Response:
    """Open alerts, those nobody acknowledged first."""
    found = open_alerts(visit.session, visit.who, page, severity=severity)
    return visit.page("alerts.html", alerts=found, severity=severity)


@router.get("/alerts.csv")
def exported(visit: Visiting, severity: str = "") -> Response:
    """The same list as CSV."""
    found = open_alerts(visit.session, visit.who, 1, None, severity=severity)
    columns = ("alert", "severity", "rule", "placement", "raised", "acknowledged", "authority")
    return as_csv("alerts", columns, [[getattr(row, c) for c in columns] for row in found.rows])


@router.get("/alerts/{ref}")
def one(visit: Visiting, ref: str) -> Response:
    """One alert: what it says, why, by what right, what became of it, and what can be done."""
    found = alert_why(visit.session, visit.who, ref)
    if found is None:
        raise Refuse(404, "That alert is not on record")
    return visit.page("alert.html", alert=found, steps=[s for s in STEPS if visit.who.may(s) and not found["cleared"]])
