"""What every letter says: who writes about whom, whom to ask, how to ask for a review, where to get advice."""

from dataclasses import dataclass
from datetime import date

from offsite.case.case import Case, SchoolFile
from offsite.law.calendars import CalendarTooShort
from offsite.law.regimes import binds, regime_on
from offsite.letters.letter import Blanks, Frame
from offsite.letters.parties import Party, body_of, contact_at
from offsite.letters.wording import Block, own_words
from offsite.letters.words import day_in_words

LAW = "section 29A of the Education Act 2002 and the Education (Educational Provision for Improving Behaviour) Regulations 2010"
ADVICE = (
    "Your local special educational needs and disabilities information, advice and support service (SENDIASS)",
    "Child Law Advice, run by Coram Children's Legal Centre: childlawadvice.org.uk",
    "Citizens Advice: citizensadvice.org.uk",
    "IPSEA, where your child has special educational needs: ipsea.org.uk",
)


@dataclass(frozen=True)
class Letterhead:
    """Who writes, about whom and under which law; and the school's own words, added to what the law prescribes."""

    school: str
    body: str
    """The governing body, management committee or board of the academy trust."""
    pupil: str
    provider: str
    basis: str
    """The law it keeps to: in force, or as good practice where that does not bind the school on the day."""
    contact: str
    own: tuple[str, ...]
    """The school's own words in this kind of letter, before the signature, and who signs."""
    closing: tuple[str, ...]
    signature: tuple[str, ...]


@dataclass(frozen=True)
class Rights:
    """How to ask for a review, and where advice is to be had."""

    review: str
    advice: tuple[str, ...]


def frame(school: SchoolFile, reference: str, day: date, head: str) -> Frame:
    """What stands around a document of a school on a day; `head` is the head of the chronology, in words."""
    return Frame(school.details_on(day).name, own_words(school, "letterhead"), reference, day_in_words(day), head)


def letterhead(case: Case, day: date, blanks: Blanks, block: Block) -> Letterhead:
    """Who writes, about whom and under which law, on a day; with the school's own words in this kind of letter."""
    details = case.school.details_on(day)
    return Letterhead(
        school=details.name,
        body=body_of(case.school, day),
        pupil=case.pupil.details.name,
        provider=case.provider.details_on(day).name,
        basis=_basis(details.kind, day),
        contact=blanks.wanted(contact_at(case.school, day), "name, telephone and e-mail of the person to ask"),
        own=own_words(case.school, block),
        closing=own_words(case.school, "closing"),
        signature=own_words(case.school, "signature"),
    )


def rights(case: Case, day: date, *, to_pupil: bool) -> Rights:
    """The right to ask for a review (reg 4A, since 2013), and where to get advice. No more is promised."""
    body, plan = body_of(case.school, day), "an education, health and care plan"
    if regime_on(day) == "osd-2010":
        review = f"You may ask for a review at any time. Write to the {body} at the school and say that you ask for one."
    else:
        review = (
            f"You have the right to ask for a review of this direction. To do so, write to the {body} at the school. "
            f"The {body} must then hold a review as soon as it can. It need not do so if there was a review in the ten "
            f"weeks before you asked. If there is {plan}, the local authority that keeps it may ask as well."
        )
    places = tuple(line.replace("your child has", "you have") for line in ADVICE) if to_pupil else ADVICE
    return Rights(review, (*own_words(case.school, "advice"), *places))


def last_day_in_words(case: Case, first: date, days: int) -> str | None:
    """The day on which the last of a number of school days falls; None where the calendar does not reach it."""
    try:
        return day_in_words(case.school.school_days.nth_from(first, days))
    except CalendarTooShort:
        return None


def names(parties: list[Party]) -> tuple[str, ...]:
    """Each party on one line, with its address where known."""
    return tuple(f"{each.name}, {each.address}" if each.address else each.name for each in parties)


def _basis(kind: str, day: date) -> str:
    if binds(kind, day):
        return f"This letter is written under {LAW}."
    return f"This letter keeps to {LAW} as good practice. On its day that law did not bind the school."
