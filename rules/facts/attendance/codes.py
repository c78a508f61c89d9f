"""Facts about what the home register says of sessions at the provider, and about where a session was.

A mark B, K or D with which nothing can be wrong is passed over: no rule can fire on it (a test holds that), and the
absence of a fact clears what was open.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import partial
from typing import NamedTuple

from models.placement import Registration
from models.provider import Site
from offsite.case.attendance.sessions import expected, subject_of
from offsite.case.attendance.tally import absent, without_reason
from offsite.case.case import Case, MarkRow, Slot
from offsite.case.direction.enforceable import is_school
from offsite.case.direction.terms import closed, planned_start, terms
from offsite.case.safeguarding.vulnerability import vulnerable
from offsite.law.london import day_of
from rules.facts.words import session_in_words
from rules.judge import Fact
from rules.language import FactKind, flag, word

AT_THE_PROVIDER = ("B", "D", "K")


class HomeCodeFacts(FactKind):
    """One a mark B, D or K in the home register, unless nothing can be wrong with it."""

    kind = "home_code"
    code = word("the code in the home register", of=AT_THE_PROVIDER)
    activity = flag("the nature of the activity is recorded")
    remote = flag("the session was remote or at home")
    approved = flag("an approving person is recorded, for the session or the placement")
    supervised = flag("a supervisor is recorded, for the session or the placement")
    school = flag("the provider is a school")
    registered = flag("a dual registration there is recorded")
    due_there = flag("the pupil was due at the provider")
    provider_marked = flag("the provider entered a mark")
    absent_there = flag("the provider's mark is an absence without a reason")
    day_over = flag("the day of the session is over")


class SiteFacts(FactKind):
    """One a session of which a site is recorded."""

    kind = "site"
    approved = flag("the site was among the provider's approved sites on that day")


APPROVED, NOT_APPROVED = SiteFacts.values(approved=True), SiteFacts.values(approved=False)


class _Placed(NamedTuple):
    """What is the same for all marks of a placement."""

    school: bool
    registered: bool
    approved: bool
    supervised: bool
    remote: bool


def derive_codes(case: Case, at: datetime) -> Iterator[Fact]:
    """Marks of the home register while the placement ran, from the first day watched."""
    today, now = day_of(at), terms(case)
    ended = closed(case)
    first, last = max(case.watch_from, planned_start(case)), day_of(ended.happened_at) if ended else today
    placed = _Placed(
        is_school(case, today),
        bool(case.of(Registration)),
        bool(now.approved_by),
        bool(now.supervised_by),
        now.mode == "remote",
    )
    fragile: bool | None = None
    for slot, mark in case.home_marks.items():
        if mark.code not in AT_THE_PROVIDER or not first <= slot[0] <= last or passed_over(mark, placed):
            continue
        if mark.code == "D" and fragile is None:
            fragile = vulnerable(case, today)
        yield _code(case, slot, mark, placed, at, bool(fragile))


def passed_over(mark: MarkRow, placed: _Placed) -> bool:
    """Whether nothing can be wrong with a mark B or K, whatever else is recorded. A mark D depends on the other register."""
    if mark.code == "D":
        return False
    if mark.code == "K" or not mark.activity:
        return mark.activity
    unsupervised = not (mark.approved or placed.approved) or not (mark.supervised or placed.supervised)
    return not (mark.remote or placed.remote or unsupervised or (placed.school and placed.registered))


def _code(case: Case, slot: Slot, mark: MarkRow, placed: _Placed, at: datetime, fragile: bool) -> Fact:
    theirs = case.provider_marks.get(slot)
    return Fact(
        HomeCodeFacts,
        HomeCodeFacts.values(
            code=mark.code,
            activity=mark.activity,
            remote=mark.remote or placed.remote,
            approved=mark.approved or placed.approved,
            supervised=mark.supervised or placed.supervised,
            school=placed.school,
            registered=placed.registered,
            due_there=expected(case, slot),
            provider_marked=theirs is not None,
            absent_there=theirs is not None and absent(theirs, slot[0]) and without_reason(theirs),
            day_over=slot[0] < day_of(at),
        ),
        subject_of(slot),
        slot[0],
        fragile,
        lambda: {"session": session_in_words(slot), "code": mark.code},
    )


def derive_sites(case: Case, at: datetime) -> Iterator[Fact]:
    """Sessions of which either register names a site; approved is what was approved by that day."""
    first = max(case.watch_from, planned_start(case))
    approved_on = {site.ref: day_of(site.happened_at) for site in reversed(case.provider.rows.of(Site))}
    elsewhere: dict[Slot, bool] = {}
    for register in (case.home_marks, case.provider_marks):
        for slot, mark in register.items():
            if mark.site is not None and slot[0] >= first:
                elsewhere[slot] = elsewhere.get(slot, False) or approved_on.get(mark.site, date.max) > slot[0]
    for slot, somewhere_else in elsewhere.items():
        yield Fact(
            SiteFacts,
            NOT_APPROVED if somewhere_else else APPROVED,
            subject_of(slot),
            slot[0],
            False,
            partial(_in_words, slot),
        )


def _in_words(slot: Slot) -> Mapping[str, str]:
    return {"session": session_in_words(slot)}


SOURCES = (((HomeCodeFacts,), derive_codes, False), ((SiteFacts,), derive_sites, False))
