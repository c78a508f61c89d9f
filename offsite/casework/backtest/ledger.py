"""The alerts a book would have raised: the life cycle of casework/alerts.py, in memory and without messages."""

from dataclasses import dataclass
from datetime import datetime

from offsite.casework.watch.looking import Key, Looked
from rules.book import BOOK
from rules.judge import Finding
from rules.rule import Rule, Severity


@dataclass
class WouldBe:
    """An alert as it would have been."""

    rule: Rule
    placement: str | None
    subject: str
    raised: datetime
    severity: Severity
    """The highest reached."""
    because: str
    cleared: datetime | None = None


class Ledger:
    """The alerts of one book over a stretch of time."""

    def __init__(self) -> None:
        """Begins with none."""
        self.alerts: dict[Key, list[WouldBe]] = {}

    def take(self, looked: Looked, at: datetime) -> None:
        """Bring the alerts up to date with one look, by the rules of `reconcile`."""
        for key, finding in looked.findings.items():
            self._found(key, finding, looked, at)
        for key, alerts in self.alerts.items():
            if alerts[-1].cleared is not None or key in looked.findings or key in looked.cannot_tell or not looked.covers(key):
                continue
            if not alerts[-1].rule.by_person or looked.has_fact(key):
                alerts[-1].cleared = at

    def close(self, key: Key, at: datetime) -> None:
        """A person closed the alert of this identity, as on record."""
        alerts = self.alerts.get(key)
        if alerts and alerts[-1].cleared is None:
            alerts[-1].cleared = at

    def _found(self, key: Key, finding: Finding, looked: Looked, at: datetime) -> None:
        alerts = self.alerts.setdefault(key, [])
        if alerts and alerts[-1].cleared is None:
            alerts[-1].severity = max(alerts[-1].severity, finding.severity)
            return
        settled = alerts and BOOK[key.rule].by_person and key.placement_id is not None
        if settled and finding.severity <= alerts[-1].severity:
            return
        placement = None if key.placement_id is None else looked.refs[key.placement_id]
        alerts.append(WouldBe(finding.rule, placement, key.subject, at, finding.severity, finding.because()))
