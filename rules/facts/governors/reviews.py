"""Facts about governor reviews: the diary, each meeting and its invitations, who represents the board."""

from collections.abc import Iterator
from datetime import date, datetime

from offsite.case.case import Case
from offsite.case.direction.served import invitations_served
from offsite.case.direction.terms import attending, determination, planned_start
from offsite.case.governors.reviews import ReviewFile, held_on, reviews
from offsite.law import clock
from offsite.law.london import day_of
from offsite.law.regimes import ACADEMIES, regime_on
from rules.facts.words import day_in_words, people
from rules.judge import Fact
from rules.language import FactKind, flag, number


class DiaryFacts(FactKind):
    """One a placement: whether a review is in the diary, and how long since the last."""

    kind = "diary"
    determined = flag("the direction is determined")
    attending = flag("the pupil is attending off-site")
    review_set = flag("a review meeting is set for today or later, or was held today")
    days_without = number("days since the later of the relevant day and the last review held", unit="calendar days")


class MeetingFacts(FactKind):
    """One a review that is not cancelled: its day and its invitations."""

    kind = "meeting"
    held = flag("the meeting was held")
    days_to_meeting = number("days to the meeting", unit="calendar days")
    uninvited = flag("some prescribed invitee was not invited")
    days_late = number("the last invitation past six days before the meeting", unit="calendar days")


class RepresentativeFacts(FactKind):
    """One a review that is not cancelled: whether the board's representative may sit (reg 5(3))."""

    kind = "representative"
    is_head = flag("the representative is the head")
    was_head = flag("the representative was head here in the five years before the meeting")
    authority_employee = flag("the representative is employed by the maintaining authority")
    connected = flag("the representative declared a connection with the pupil")
    only_head_reported = flag("only the bar on the head is reported for this kind of school")


def derive_diary(case: Case, at: datetime) -> Iterator[Fact]:
    """The placement's diary on the day."""
    today, start = day_of(at), planned_start(case)
    last = max([start, *(day for day in held_on(case) if day <= today)])
    ahead = [r for r in reviews(case) if (r.state == "scheduled" and r.meets_on >= today) or
             (r.held is not None and r.held.held_on == today)]  # fmt: skip
    yield Fact(
        DiaryFacts,
        DiaryFacts.values(
            determined=determination(case) is not None,
            attending=attending(case, at),
            review_set=bool(ahead),
            days_without=(today - last).days,
        ),
        case.ref,
        today,
        False,
        lambda: {"last": day_in_words(last), "days": (today - last).days},
    )


def derive_meetings(case: Case, at: datetime) -> Iterator[Fact]:
    """Each meeting and its invitations."""
    today = day_of(at)
    for review in reviews(case):
        if review.state != "cancelled":
            yield _meeting(case, review, today)
            yield _representative(case, review)


def _meeting(case: Case, review: ReviewFile, today: date) -> Fact:
    limit = clock.invitations(review.meets_on).breached_after
    assert limit is not None
    served = invitations_served(case, review.name, limit)
    sent = [(day - limit).days for kind, day in served.first_given.items() if kind in served.prescribed]
    return Fact(
        MeetingFacts,
        MeetingFacts.values(
            held=review.held is not None,
            days_to_meeting=(review.meets_on - today).days,
            uninvited=bool(served.missing),
            days_late=max([*sent, *([(today - limit).days] if served.missing else [])]),
        ),
        review.name,
        review.meets_on,
        False,
        lambda: {
            "due": limit,
            "limit": day_in_words(limit),
            "meets": day_in_words(review.meets_on),
            "missing": people(served.missing),
            "invited": day_in_words(served.complete_on) if served.complete_on else f"not yet: {people(served.missing)}",
        },
    )


def _representative(case: Case, review: ReviewFile) -> Fact:
    who, day = review.nomination, review.met_on
    kind = case.school.details_on(day).kind
    was_head = who is not None and who.was_head_until is not None and day <= clock.barred_until(who.was_head_until)
    return Fact(
        RepresentativeFacts,
        RepresentativeFacts.values(
            is_head=who is not None and who.head,
            was_head=was_head,
            authority_employee=who is not None and who.authority_employee,
            connected=who is not None and who.connected,
            only_head_reported=regime_on(day) == "osd-2026" and (kind in ACADEMIES or kind == "pru"),
        ),
        review.name,
        day,
        False,
        lambda: {
            "meets": day_in_words(day),
            "why": ", ".join(
                words
                for words, holds in (
                    ("is the head", who is not None and who.head),
                    ("was head within five years before it", was_head),
                    ("is employed by the maintaining authority", who is not None and who.authority_employee),
                    ("declared a connection with the pupil", who is not None and who.connected),
                )
                if holds
            ),
        },
    )


SOURCES = (
    ((DiaryFacts,), derive_diary, False),
    ((MeetingFacts, RepresentativeFacts), derive_meetings, False),
)
