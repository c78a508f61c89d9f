"""System alerts: something in Offsite itself is wrong, so that a rule's silence may mean nothing. Critical, to DSL and head.

They are not in the rule book. They end when a person resolves them, or when what was late has run again.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from models.alert import Alert
from offsite.case.case import SchoolFile
from offsite.casework.watch.alerts import end, new_alert_ref, open_alerts
from offsite.casework.watch.looking import BOOK_HASH, Key
from offsite.law.london import day_of
from offsite.messages import outbox
from rules.judge import Difference

READINGS_DIFFER = "system-readings-differ"
SWEEP_LATE = "system-sweep-late"
DISPATCH_LATE = "system-dispatch-late"
TELL = ("dsl", "head")


def raise_system(session: Session, school: SchoolFile, rule: str, subject: str, because: str, at: datetime) -> Alert | None:
    """Raise a system alert and tell of it at once; None where it is open already."""
    if Key(rule, None, subject) in open_alerts(session, school.id, (), (rule,)):
        return None
    alert = Alert(
        ref=new_alert_ref(session),
        school_id=school.id,
        placement_id=None,
        rule=rule,
        subject=subject,
        severity="critical",
        authority="design",
        source="Offsite watches over itself",
        evidence="read",
        tell=list(TELL),
        raised_at=at,
        judged_on=day_of(at),
        because=because,
        facts={},
        rule_book=BOOK_HASH,
    )
    session.add(alert)
    session.flush()
    outbox.tell(session, school, [alert], at, {}, {}, {})
    return alert


def clear_system(session: Session, school: SchoolFile, rule: str, at: datetime, because: str, subject: str) -> bool:
    """Clear the open system alert about one subject; False where there is none."""
    current = open_alerts(session, school.id, (), (rule,)).get(Key(rule, None, subject))
    if current is not None:
        end(session, current, "cleared", at, "watchdog", because=because)
    return current is not None


def report_differences(session: Session, school: SchoolFile, differences: Iterable[Difference], at: datetime) -> None:
    """Say that the two readings of a rule differ; the union of their findings stands meanwhile."""
    for difference in differences:
        raise_system(
            session,
            school,
            READINGS_DIFFER,
            difference.rule,
            f"The two readings of the rule {difference.rule} differ: {difference.what}. What either found stands.",
            at,
        )
