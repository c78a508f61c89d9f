"""Alerts: the list, and one alert with its why. Acknowledge, act, hand over and close are four different things."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from offsite.views.safeguarding.alerts import AlertRow, AlertsAsked, alert_why, open_alerts
from offsite.web.tables import Column, Filter, Table, params_of
from offsite.web.visit import Refuse, Visit, area
from rules.rule import Severity

router = APIRouter()
Visiting = Annotated[Visit, Depends(area("alerts"))]
STEPS = ("acknowledge", "take", "hand_over", "resolve", "mark_not_useful")


COLUMNS: tuple[Column[AlertRow], ...] = (
    Column("alert", "Alert", sorts=False),
    Column("severity", "Severity", falls=True),
    Column("rule", "Rule"),
    Column("placement", "Placement", sorts=False),
    Column("raised", "Raised"),
    Column("acknowledged", "Acknowledged", sorts=False),
    Column("taken_by", "With", sorts=False),
    Column("authority", "Authority"),
)
FILTERS = (
    Filter("severity", "Severity", tuple((s.word, s.word) for s in reversed(Severity))),
    Filter("unread", "Only those nobody acknowledged"),
)


def alert_table(visit: Visit, asked: AlertsAsked, path: str) -> Table[AlertRow]:
    """Open alerts as a list at one of its addresses."""
    listed = open_alerts(visit.session, visit.who, asked, visit.page_size)
    kept = {name: value for name, value in (("placement", asked.placement), ("rule", asked.rule)) if value}
    return Table(path, "Open alerts", COLUMNS, listed, params_of(asked), FILTERS, "Reference", kept, exported="/alerts")


@router.get("/alerts")
@router.get("/alerts.csv")
def listed(visit: Visiting, asked: Annotated[AlertsAsked, Query()]) -> Response:
    """Open alerts, those nobody acknowledged first, then those that are with the viewer."""
    return visit.table_page("alerts.html", alert_table(visit, asked, "/alerts"))


@router.get("/alerts/{ref}")
def one(visit: Visiting, ref: str) -> Response:
    """One alert: what it says, why, by what right, what became of it, and what can be done."""
    found = alert_why(visit.session, visit.who, ref)
    if found is None:
        raise Refuse(404, "That alert is not on record")
    left_out = {"acknowledge": not found["waits_for_viewer"], "resolve": not found["may_be_closed"]}
    steps = [s for s in STEPS if visit.who.may(s) and not found["cleared"] and not left_out.get(s, False)]
    return visit.page("alert.html", alert=found, steps=steps)
