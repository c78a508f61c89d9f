"""Compare what a replay answered with what its file expects, and say readably where it falls short."""

from datetime import date, datetime
from typing import Any

from offsite.casework.replay.scenario import Expect, ExpectedAlert, moment
from offsite.law.london import day_of

COMPARED = ("severity", "tell", "authority", "evidence")
TIMES = ("raised", "cleared", "due")


def differences(expect: Expect, answer: dict[str, Any]) -> list[str]:
    """One sentence for everything in which the answer is not what was expected; none where all is well."""
    return [
        *_stage(expect, answer),
        *_alerts(expect, answer),
        *_never(expect, answer),
        *_only(expect, answer),
        *_rows("deadline", expect.deadlines, answer["deadlines"], ("duty", "of")),
        *_rows("placement", expect.placements, answer["placements"], ("placement",)),
        *_rows("cannot tell", expect.cannot_tell, answer["cannot_tell"], ("rule", "placement", "subject")),
        *_rows("message", expect.messages, answer["messages"], ("to", "person", "channel", "severity", "at", "kind")),
        *_rows("system alert", expect.system, answer["system"], ("rule", "subject")),
        *_refused(expect, answer),
    ]


def _stage(expect: Expect, answer: dict[str, Any]) -> list[str]:
    if expect.stage is None:
        return []
    stages = [placement["stage"] for placement in answer["placements"]]
    if stages and stages[-1] == expect.stage:
        return []
    return [f"stage: expected {expect.stage}, is {stages[-1] if stages else 'no placement at all'}"]


def _alerts(expect: Expect, answer: dict[str, Any]) -> list[str]:
    found = []
    for wanted in expect.alerts:
        candidates = [alert for alert in answer["alerts"] if _is_about(wanted, alert)]
        if not candidates:
            found.append(f"alert {wanted.key()}: expected, was never raised")
            continue
        short = [_falls_short(wanted, alert) for alert in candidates]
        if all(short):
            found.append(f"alert {wanted.key()}: " + "; ".join(_shortest(short)))
    return found


def _is_about(wanted: ExpectedAlert, alert: dict[str, Any]) -> bool:
    return (
        alert["rule"] == wanted.rule
        and wanted.placement in (None, alert["placement"])
        and (wanted.subject is None or str(wanted.subject) == str(alert["subject"]))
    )


def _falls_short(wanted: ExpectedAlert, alert: dict[str, Any]) -> list[str]:
    short = []
    for key in COMPARED:
        value = getattr(wanted, key)
        if value is not None and value != alert[key]:
            short.append(f"{key} expected {value}, is {alert[key]}")
    for key in TIMES:
        value = getattr(wanted, key)
        if value is not None and not same_time(value, alert[key]):
            short.append(f"{key} expected {value}, is {alert[key] or 'never'}")
    return short


def _never(expect: Expect, answer: dict[str, Any]) -> list[str]:
    return [
        f"alert {alert['rule']} ({alert['placement']} {alert['subject']}): must never fire, was raised {alert['raised']}"
        for alert in answer["alerts"]
        if alert["rule"] in expect.never
    ]


def _only(expect: Expect, answer: dict[str, Any]) -> list[str]:
    if not expect.only:
        return []
    return [
        f"alert {alert['rule']} ({alert['placement']} {alert['subject']}): raised {alert['raised']}, but not listed"
        for alert in answer["alerts"]
        if not any(_is_about(wanted, alert) for wanted in expect.alerts)
    ]


def _rows(what: str, wanted: list[dict[str, Any]], rows: list[dict[str, Any]], keys: tuple[str, ...]) -> list[str]:
    found = []
    for want in wanted:
        identity = {key: want[key] for key in keys if key in want}
        name = f"{what} {' '.join(str(value) for value in identity.values())}"
        candidates = [row for row in rows if all(_same(value, row.get(key)) for key, value in identity.items())]
        if not candidates:
            found.append(f"{name}: expected, is not there")
            continue
        short = [
            [f"{k} expected {v}, is {row.get(k)}" for k, v in want.items() if not _same(v, row.get(k))] for row in candidates
        ]
        if all(short):
            found.append(f"{name}: " + "; ".join(_shortest(short)))
    return found


def _refused(expect: Expect, answer: dict[str, Any]) -> list[str]:
    refused = {row["event"] for row in answer["refused"]}
    return [f"event {number}: must be refused, was accepted" for number in expect.refused if number not in refused]


def _shortest(short: list[list[str]]) -> list[str]:
    """The candidate that falls short in the fewest ways."""
    return min(short, key=lambda sentences: len(sentences))


def _same(wanted: Any, is_: Any) -> bool:
    if wanted == is_:
        return True
    if isinstance(wanted, date | datetime) or (isinstance(wanted, str) and isinstance(is_, str) and "T" in is_):
        return same_time(wanted, is_)
    return str(wanted) == str(is_) and wanted is not None and is_ is not None


def same_time(wanted: Any, is_: str | None) -> bool:
    """Whether an expected day or minute (London) is the answered one; `never` is no time at all."""
    if wanted == "never":
        return is_ is None
    if is_ is None:
        return False
    by_day = len(str(wanted)) <= 10
    try:
        expected = moment(wanted)
        answered = datetime.fromisoformat(is_) if "T" in is_ else moment(is_)
    except ValueError:
        return str(wanted) == is_
    if by_day:
        return day_of(expected) == day_of(answered)
    return expected.replace(second=0, microsecond=0) == answered.replace(second=0, microsecond=0)
