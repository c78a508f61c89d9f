"""Alerts: those that are open, and why one was raised."""

from typing import Annotated, Any

from fastapi import Query

from offsite.views.listed import Listed
from offsite.views.safeguarding.alerts import AlertRow, AlertsAsked, alert_why, open_alerts
from offsite.web.api.caller import Caller, area
from offsite.web.api.room import Ref, room
from offsite.web.visit import Refuse

router = room("alerts")


@router.get("/alerts")
def list_alerts(caller: Annotated[Caller, area("alerts")], asked: Annotated[AlertsAsked, Query()]) -> Listed[AlertRow]:
    """Open alerts, those nobody acknowledged first."""
    return open_alerts(caller.session, caller.viewer, asked)


@router.get("/alerts/{ref}")
def one_alert(caller: Annotated[Caller, area("alerts")], ref: Ref) -> dict[str, Any]:
    """Why an alert was raised, by what right, and what became of it."""
    found = alert_why(caller.session, caller.viewer, ref)
    if found is None:
        raise Refuse(404, "That alert is not on record")
    return found
