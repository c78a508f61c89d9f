"""The notice of a direction: the five prescribed items (reg 3(4)) and what helps a family beside them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from models.encrypted_text import Texts
from models.placement import Notice, Terms
from models.plan import Plan
from offsite.case.case import Case
from offsite.case.direction.plans import agreed_plan, objectives
from offsite.case.direction.recipients import PUPIL, relevant_person
from offsite.case.direction.terms import determination, terms
from offsite.case.governors.next_review import first_review_by
from offsite.case.governors.reviews import reviews
from offsite.law.calendars import CalendarTooShort
from offsite.law.london import day_of
from offsite.letters.common import Letterhead, Rights, frame, last_day_in_words, letterhead, names, rights
from offsite.letters.letter import Blanks, Letter, compose
from offsite.letters.parties import authority_if_plan, in_words, relevant_parties
from offsite.letters.timetable import session_times_in_words, timetabled
from offsite.letters.wording import own_words
from offsite.letters.words import counted, day_in_words, instant_in_words, listed

METHODS = {
    "hand": "by hand",
    "email": "by e-mail",
    "portal": "through the school's portal",
    "post": "by first-class post, given two working days later",
}
PRESCRIBED = {
    "address": "address",
    "report_to": "person to report to",
    "days": "number of days",
    "reasons": "reasons",
    "objectives": "objectives",
    "session_times": "session times",
}
"""What reg 3(4) prescribes, by its name in the command that says a notice was given."""


class Given(NamedTuple):
    """How one recipient was given the notice; blanks to be filled in by hand where that is not on record."""

    to: str
    how: str
    day: str
    proof: str


@dataclass(frozen=True)
class NoticeFields:
    """What a notice says, in words."""

    head: Letterhead
    recipients: tuple[str, ...]
    salutation: str
    you: str
    """How the pupil is named to the reader: by name, or "you" from the 18th birthday."""
    determined: str
    minute: str
    start: str
    days: str
    """Prescribed: how many school days, and where the calendar reaches it the last of them."""
    address: str
    """Prescribed."""
    report_to: str
    """Prescribed."""
    reasons: str
    """Prescribed."""
    objectives: tuple[str, ...]
    """Prescribed."""
    session_times: tuple[str, ...]
    """Prescribed."""
    timetable: tuple[str, ...]
    transport: tuple[str, ...]
    meals: tuple[str, ...]
    first_review: str
    rights: Rights


def draft_notice(case: Case, texts: Texts, at: datetime, head: str = "", omitted: Collection[str] = ()) -> Letter:
    """Draft the notice as the record stands at `at`; `head` is the head of the chronology, for the foot. `omitted`: the
    prescribed items that a notice left out when it was given.

    Raises TextUnreadable where the key to the reasons or objectives is lost.
    """
    day, blanks = day_of(at), Blanks([PRESCRIBED[item] for item in sorted(omitted)])
    now, decided = terms(case), determination(case)
    to_pupil = relevant_person(case.pupil, day) == PUPIL
    readers = relevant_parties(case, day)
    times = session_times_in_words(case)
    if times and "session times" not in blanks.omitted:
        session_times = tuple(times)
    else:
        session_times = (blanks.prescribed(None, "session times"),)
    recipients = (
        *(names(readers) or (blanks.prescribed(None, "the parent to be given the notice"),)),
        *names(authority_if_plan(case, day)),
    )
    fields = NoticeFields(
        head=letterhead(case, day, blanks, "notice"),
        recipients=recipients,
        salutation=listed(reader.name for reader in readers) or "parent",
        you="you" if to_pupil else case.pupil.details.name,
        determined=blanks.wanted(
            day_in_words(day_of(decided.happened_at)) if decided else None, "day on which the direction was decided"
        ),
        minute=blanks.wanted(decided.minute if decided else None, "number of the minute"),
        start=day_in_words(now.start),
        days=blanks.prescribed(_days(case, now), "number of days"),
        address=blanks.prescribed(address(case, now), "address"),
        report_to=blanks.prescribed(now.report_to, "person to report to"),
        reasons=blanks.prescribed(texts.open(now.reasons, case.pupil.id), "reasons"),
        objectives=_objectives(case, texts, blanks),
        session_times=session_times,
        timetable=tuple(timetabled(case)),
        transport=_lines(texts.open(now.transport, case.pupil.id))
        or own_words(case.school, "transport")
        or (blanks.wanted(None, "how the pupil travels, and who pays"),),
        meals=_lines(texts.open(now.meals, case.pupil.id))
        or own_words(case.school, "meals")
        or (blanks.wanted(None, "what the pupil eats at midday, free school meals too"),),
        first_review=blanks.wanted(_first_review(case), "day of the first review"),
        rights=rights(case, day, to_pupil=to_pupil),
    )
    given = tuple(_given(case, now)) or tuple(Given(to, " / ".join(METHODS.values()), "", "") for to in recipients)
    return compose("notice", case.ref, fields, frame(case.school, case.ref, day, head), blanks, given=given)


def address(case: Case, now: Terms) -> str | None:
    """Where the pupil must attend: the terms' own address, else that of the site; None where neither is on record."""
    if now.address:
        return f"{case.provider.details_on(now.start).name}, {now.address}"
    sites = case.provider.sites
    site = sites.get(now.site) if now.site else next(iter(sites.values())) if len(sites) == 1 else None
    return f"{case.provider.details_on(now.start).name}, {site.address}" if site else None


def _days(case: Case, now: Terms) -> str:
    decided, changed = determination(case), now.event_id != case.of(Terms)[0].event_id
    days = decided.days if decided and not changed else now.days
    last = last_day_in_words(case, now.start, days)
    said = f"{counted(days, 'school day')}, counted from {day_in_words(now.start)}"
    return f"{said}, the last of them {last}" if last else said


def _objectives(case: Case, texts: Texts, blanks: Blanks) -> tuple[str, ...]:
    plan = agreed_plan(case) or case.newest(Plan)
    lines = []
    for objective in objectives(case, plan) if plan and "objectives" not in blanks.omitted else ():
        said = texts.open(objective.text, case.pupil.id) or objective.name
        by = f" (by {day_in_words(objective.by)})" if objective.by else ""
        lines.append(f"{said}{by}")
    return tuple(lines) or (blanks.prescribed(None, "objectives"),)


def _lines(said: str | None) -> tuple[str, ...]:
    return tuple(said.splitlines()) if said else ()


def _first_review(case: Case) -> str | None:
    meets = [review.meets_on for review in reviews(case) if not review.cancelled]
    if meets:
        return f"The first review is set for {day_in_words(min(meets))}. You will be invited in writing."
    try:
        by = first_review_by(case)
    except CalendarTooShort:
        return None
    return f"The first review is meant to be held by {day_in_words(by)}. You will be invited in writing."


def _given(case: Case, now: Terms) -> Iterator[Given]:
    """How the notice of the terms as they stand was given, as far as that is on record."""
    for row in case.of(Notice):
        if row.happened_at >= now.happened_at and row.start == now.start:
            how, sent = METHODS[row.method].partition(",")[0], day_in_words(row.sent_on)
            day = sent if row.given_on == row.sent_on else f"posted {sent}, given {day_in_words(row.given_on)}"
            proof = f"entered in the school's chronology on {instant_in_words(row.recorded_at)}"
            yield Given(in_words(case, row.recipient, row.sent_on), how, day, proof)
