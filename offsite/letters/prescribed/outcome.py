"""The outcome of a governor review (reg 6): who came, whose views counted, the decision, its period and reasons."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from models.encrypted_text import Texts
from models.review import Decision
from offsite.case.case import Case
from offsite.case.direction.period import period_end
from offsite.case.direction.recipients import PROVIDER, PUPIL, relevant_person
from offsite.case.governors.next_review import review_by_after, review_set_after
from offsite.case.governors.reviews import ReviewFile, reviews
from offsite.case.governors.reviews import review as review_of
from offsite.law.calendars import CalendarTooShort
from offsite.law.london import day_of
from offsite.letters.common import Letterhead, Rights, frame, letterhead, names, rights
from offsite.letters.letter import Blanks, Letter, compose
from offsite.letters.parties import authority_if_plan, in_words, party, relevant_parties
from offsite.letters.words import counted, day_in_words, listed

GOES_ON = ("continue", "vary")


@dataclass(frozen=True)
class OutcomeFields:
    """What an outcome says, in words."""

    head: Letterhead
    recipients: tuple[str, ...]
    salutation: str
    you: str
    held: str
    attended: tuple[str, ...]
    views: tuple[str, ...]
    """Whose views the decision took into account."""
    views_received: tuple[str, ...]
    """Who sent views in writing."""
    decision: str
    """Prescribed."""
    goes_on: bool
    period: str
    """Prescribed where the direction goes on; empty where it does not."""
    reasons: str
    """Prescribed."""
    next_review: str
    rights: Rights


def draft_outcome(case: Case, review: str, texts: Texts, at: datetime, head: str = "", omitted: Collection[str] = ()) -> Letter:
    """Draft the outcome of a review, for everyone the law prescribes: the head is not among them. `omitted`: what it left
    out when it was given, reasons or period.

    Raises KeyError where the placement has no such review, TextUnreadable where the key to the reasons is lost.
    """
    day, blanks = day_of(at), Blanks(sorted(omitted))
    meeting = review_of(case, review)
    decided = meeting.decision
    readers = relevant_parties(case, day)
    to_pupil = relevant_person(case.pupil, day) == PUPIL
    you = "you" if to_pupil else case.pupil.details.name
    provider = party(case, PROVIDER, day)
    goes_on = decided is not None and decided.decision in GOES_ON
    attended = meeting.held.attended if meeting.held else []
    fields = OutcomeFields(
        head=letterhead(case, day, blanks, "outcome"),
        recipients=(
            *(names(readers) or (blanks.prescribed(None, "the parent to be told"),)),
            *names([provider] if provider else []),
            *names(authority_if_plan(case, day)),
        ),
        salutation=listed(reader.name for reader in readers) or "parent",
        you=you,
        held=blanks.prescribed(day_in_words(meeting.held.held_on) if meeting.held else None, "day of the meeting"),
        attended=tuple(in_words(case, who, meeting.met_on) for who in attended)
        or (blanks.wanted(None, "who came to the meeting"),),
        views=tuple(in_words(case, who, meeting.met_on) for who in (decided.views_considered if decided else [])),
        views_received=tuple(dict.fromkeys(in_words(case, view.sender, meeting.met_on) for view in meeting.views)),
        decision=blanks.prescribed(_decision(case, decided, you) if decided else None, "decision"),
        goes_on=goes_on,
        period=blanks.prescribed(_period(case, meeting, decided), "period") if decided and goes_on else "",
        reasons=blanks.prescribed(texts.open(decided.reasons, case.pupil.id) if decided else None, "reasons"),
        next_review=blanks.wanted(_next_review(case, meeting), "day of the next review") if goes_on else "",
        rights=rights(case, day, to_pupil=to_pupil),
    )
    return compose("outcome", review, fields, frame(case.school, case.ref, day, head), blanks)


def _decision(case: Case, decided: Decision, you: str) -> str:
    school = case.school.details_on(day_of(decided.happened_at)).name
    return {
        "continue": "The direction continues.",
        "vary": "The direction continues with changes.",
        "end": "The direction ends.",
        "reintegrate": f"The direction leads to a return. {you[0].upper()}{you[1:]} will come back to {school}.",
    }[decided.decision]


def _period(case: Case, meeting: ReviewFile, decided: Decision) -> str | None:
    """For what period the direction goes on; None where the decision names none."""
    last = _last_day(case, meeting)
    if decided.until is not None:
        return f"until and including {last or day_in_words(decided.until)}"
    if decided.days is not None:
        counting = f"for {counted(decided.days, 'school day')} after the meeting"
        return f"{counting}, the last of them {last}" if last else counting
    return None


def _last_day(case: Case, meeting: ReviewFile) -> str | None:
    """The last day in words: that of the period as it stands, where this is the review decided last."""
    decided = [r for r in reviews(case) if r.held and r.decision]
    latest = max(decided, key=lambda r: r.met_on, default=None)
    if latest is None or latest.name != meeting.name:
        return None
    try:
        return day_in_words(period_end(case))
    except CalendarTooShort:
        return None


def _next_review(case: Case, meeting: ReviewFile) -> str | None:
    later = review_set_after(case, meeting.met_on)
    if later:
        return f"The next review is set for {day_in_words(later)}. You will be invited in writing."
    try:
        by = review_by_after(case, meeting.met_on)
    except CalendarTooShort:
        return None
    return f"The next review is meant to be held by {day_in_words(by)}. You will be invited in writing."
