"""What every letter says: who writes about whom, whom to ask, how to ask for a review, where to get advice."""

from dataclasses import dataclass
from datetime import date

from models.school import LetterWording
from offsite.case.case import Case
from offsite.law.calendars import CalendarTooShort
from offsite.law.regimes import binds, regime_on
from offsite.letters.letter import Blanks
from offsite.letters.parties import Party, authority_of, body_of, contact_at
from offsite.letters.words import day_in_words

LAW = "section 29A of the Education Act 2002 and the Education (Educational Provision for Improving Behaviour) Regulations 2010"
ADVICE = (
    "your local special educational needs and disabilities information, advice and support service (SENDIASS)",
    "Child Law Advice, run by Coram Children's Legal Centre: childlawadvice.org.uk",
    "Citizens Advice: citizensadvice.org.uk",
    "IPSEA, where your child has special educational needs: ipsea.org.uk",
)
ADVICE_TO_PUPIL = tuple(line.replace("your child has", "you have") for line in ADVICE)


@dataclass(frozen=True)
class Letterhead:
    """Who writes, about whom and under which law."""

    school: str
    authority: str
    body: str
    """The governing body, management committee or board of the academy trust."""
    pupil: str
    provider: str
    reference: str
    letterhead: str
    """The school's own, and its own closing words: added to what the law prescribes, never in its place."""
    closing: str
    basis: str
    """Under which law, or as good practice where that does not bind the school on the day."""
    contact: str


@dataclass(frozen=True)
class Rights:
    """How to ask for a review, and where advice is to be had."""

    review: str
    advice: tuple[str, ...]


def letterhead(case: Case, day: date, blanks: Blanks) -> Letterhead:
    """Who writes, about whom and under which law, on a day."""
    details = case.school.details_on(day)
    return Letterhead(
        school=details.name,
        authority=authority_of(case.school, day),
        body=body_of(case.school, day),
        pupil=case.pupil.details.name,
        provider=case.provider.details_on(day).name,
        reference=case.ref,
        letterhead=_own(case, "letterhead"),
        closing=_own(case, "closing"),
        basis=_basis(details.kind, day),
        contact=blanks.wanted(contact_at(case.school, day), "name, telephone and e-mail of the person to ask"),
    )


def rights(case: Case, day: date, *, to_pupil: bool) -> Rights:
    """The right to ask for a review (reg 4A, since 2013), and where to get advice. No more is promised."""
    body = body_of(case.school, day)
    asked = f"write to the {body} at the school and say that you ask for a review"
    if regime_on(day) == "osd-2010":
        review = f"You may ask for a review at any time: {asked}."
    else:
        review = (
            f"You have the right to ask for a review of this direction: {asked}. The {body} must then hold one as soon "
            "as it reasonably can, unless one was held in the ten weeks before you asked. Where an education, health "
            "and care plan is in place, the local authority that maintains it may ask as well."
        )
    return Rights(review, ADVICE_TO_PUPIL if to_pupil else ADVICE)


def last_day_in_words(case: Case, first: date, days: int) -> str | None:
    """The day on which the last of a number of school days falls; None where the calendar does not reach it."""
    try:
        return day_in_words(case.school.school_days.nth_from(first, days))
    except CalendarTooShort:
        return None


def names(parties: list[Party]) -> tuple[str, ...]:
    """Each party on one line, with its address where known."""
    return tuple(f"{each.name}, {each.address}" if each.address else each.name for each in parties)


def _own(case: Case, block: str) -> str:
    return next((row.text for row in reversed(case.school.rows.of(LetterWording)) if row.block == block), "")


def _basis(kind: str, day: date) -> str:
    if binds(kind, day):
        return f"under {LAW}"
    return f"under the school's general powers, keeping to {LAW} as good practice"
