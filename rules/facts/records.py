"""Facts about how long records are kept."""

from collections.abc import Iterator
from datetime import datetime

from models.pupil import RecordErased, RecordHold
from offsite.case.case import Case
from offsite.case.direction.terms import closed
from offsite.case.retention import kept_until
from offsite.law.london import day_of
from rules.facts.words import day_in_words
from rules.judge import Fact
from rules.language import FactKind, flag


class RetentionFacts(FactKind):
    """One a class of records of a closed placement."""

    kind = "retention"
    day_passed = flag("its retention date has passed", may_be_unknown=True, known_by="attendance")
    held = flag("it is kept past its day")
    erased = flag("it is erased")


def derive(case: Case, at: datetime) -> Iterator[Fact]:
    """Each class of records once the placement is closed."""
    ended, today = closed(case), day_of(at)
    if ended is None:
        return
    held = {row.record_class for row in case.pupil.rows.of(RecordHold)}
    erased = {row.record_class for row in case.pupil.rows.of(RecordErased)}
    for record, until in kept_until(case, day_of(ended.happened_at)):
        yield Fact(
            RetentionFacts,
            RetentionFacts.values(
                day_passed=None if until is None else today > until, held=record in held, erased=record in erased
            ),
            record,
            today,
            False,
            lambda until=until, record=record: {"record": record, "until": day_in_words(until)},  # type: ignore[misc]
        )


SOURCES = (((RetentionFacts,), derive, True),)
