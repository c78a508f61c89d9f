"""The invitation to a governor review (reg 5): the meeting, "attend or write", and how to ask for another time."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.encrypted_text import Texts
from models.plan import ProgressReport
from offsite.case.case import Case
from offsite.case.direction.plans import agreed_plan
from offsite.case.direction.recipients import PARENT, PUPIL, REPRESENTATIVE, kind_of, relevant_people
from offsite.case.governors.reviews import review as review_of
from offsite.law.calendars import CalendarTooShort
from offsite.law.london import day_of
from offsite.letters.common import Letterhead, Rights, frame, letterhead, names, rights
from offsite.letters.letter import Blanks, Letter, compose
from offsite.letters.parties import PARTY_WORDS, Party, party
from offsite.letters.wording import own_words
from offsite.letters.words import day_in_words, listed, time_in_words

AGENDA = (
    "Who is here, and whose views came in writing",
    "Progress against each objective of the plan",
    "Attendance, at school and at the provider",
    "Safety and wellbeing",
    "What the pupil, the parent and the provider say",
    "Whether the direction should go on, and if so for how long",
    "The return to school and the support it needs",
)


@dataclass(frozen=True)
class InvitationFields:
    """What an invitation says, in words."""

    head: Letterhead
    recipients: tuple[str, ...]
    salutation: str
    to_family: bool
    """Whether it goes to the relevant person, whom the time must suit so far as practicable (reg 5(2))."""
    you: str
    day: str
    time: str
    place: str
    views_by: str
    """The latest day for views in writing: the last school day before the meeting."""
    representative: str
    agenda: tuple[str, ...]
    enclosures: tuple[str, ...]
    language: str
    rights: Rights


def draft_invitation(case: Case, review: str, recipient_kind: str, texts: Texts, at: datetime, head: str = "") -> Letter:
    """Draft the invitation of one kind of invitee (parent, pupil, provider, head, representative, local_authority).

    Raises KeyError where the placement has no such review, TextUnreadable where the key to the representative's name
    is lost.
    """
    day, blanks = day_of(at), Blanks()
    meeting = review_of(case, review)
    to_family = recipient_kind in (PARENT, PUPIL)
    represented_by = texts.open(meeting.nomination.name, case.pupil.id) if meeting.nomination else None
    readers = _readers(case, recipient_kind, day, represented_by)
    fields = InvitationFields(
        head=letterhead(case, day, blanks, "invitation"),
        recipients=names(readers) or (blanks.prescribed(None, f"name of {PARTY_WORDS[recipient_kind]}"),),
        salutation=listed(reader.name for reader in readers) or PARTY_WORDS[recipient_kind],
        to_family=to_family,
        you="you" if recipient_kind == PUPIL else case.pupil.details.name,
        day=day_in_words(meeting.meets_on),
        time=blanks.prescribed(time_in_words(meeting.meets_at) if meeting.meets_at else None, "time of the meeting"),
        place=blanks.prescribed(
            meeting.place or ", ".join(own_words(case.school, "meeting_place")), "place of the meeting, or how to join it"
        ),
        views_by=day_in_words(_views_by(case, meeting.meets_on)),
        representative=blanks.wanted(represented_by, "name of the representative of the board"),
        agenda=AGENDA,
        enclosures=_enclosures(case),
        language=_language(case) if to_family else "",
        rights=rights(case, day, to_pupil=recipient_kind == PUPIL),
    )
    around = frame(case.school, case.ref, day, head)
    return compose("invitation", f"{review} {recipient_kind}", fields, around, blanks)


def _readers(case: Case, kind: str, day: date, represented_by: str | None) -> list[Party]:
    if kind == REPRESENTATIVE:
        return [Party(represented_by, "")] if represented_by else []
    wanted = [r for r in relevant_people(case.pupil, day) if kind_of(r) == PARENT] if kind == PARENT else [kind]
    found = (party(case, recipient, day) for recipient in wanted)
    return [each for each in found if each is not None]


def _views_by(case: Case, meets_on: date) -> date:
    """The last school day before the meeting; the day before it where the calendar does not tell."""
    try:
        return case.school.school_days.before(meets_on, 1)
    except CalendarTooShort:
        return meets_on - timedelta(days=1)


def _enclosures(case: Case) -> tuple[str, ...]:
    return (
        *(("the plan and its objectives",) if agreed_plan(case) else ()),
        "attendance in both registers",
        *(("the provider's latest report",) if case.of(ProgressReport) else ()),
        "a form for your views, on the last page",
    )


def _language(case: Case) -> str:
    return listed(dict.fromkeys(parent.language for parent in case.pupil.parents if parent.language))
