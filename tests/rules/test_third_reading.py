"""A third reading of the ten gravest rules: queries straight over the tables, on schools made up by chance.

They share nothing with the facts or the rules: school days are counted here, the newest row of a thing is asked for in
SQL. Whatever placement, session or concern the rule finds, the query must find, and nothing else. OFFSITE_SCHOOLS says how
many schools, OFFSITE_SEED which.
"""

import os
import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Integer, String, and_, case, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from models.attendance import Contact, Mark
from models.concern import Concern, ConcernClosure, Found, Referral, Triage
from models.placement import Closure, Determination, Hold, Notice, Placement, Terms
from models.provider import ProviderCheck, Site
from models.recorded import Instant
from offsite.case.loading import load_cases
from offsite.casework.refusals import Refused
from offsite.casework.watch.looking import look
from offsite.casework.watch.rule_runner import NoRules
from rules.book import BOOK

LONDON = ZoneInfo("Europe/London")
GRAVEST = ("location-unknown", "concern-raised", "concern-not-triaged", "allegation-not-referred", "child-missing",
           "safeguarding-confirmation-missing", "unapproved-site", "notice-late", "requirement-lapsed",
           "code-b-but-absent")  # fmt: skip
ABSENCES = ("I", "M", "N", "O", "U", "G", "C")
BEGINS = {"am": time(8, 45), "pm": time(13, 10)}
FIRST_SEED = int(os.environ.get("OFFSITE_SEED", "20261124"))
SEEDS = range(FIRST_SEED, FIRST_SEED + int(os.environ.get("OFFSITE_SCHOOLS", "2")))
FIRST, LAST = date(2026, 11, 2), date(2026, 11, 27)


def school_days() -> list[date]:
    """Hilltop's autumn, counted by hand: Monday to Friday in its two half terms, less one INSET day."""
    spans = [(date(2026, 9, 2), date(2026, 10, 23)), (date(2026, 11, 2), date(2026, 12, 18))]
    days = [first + timedelta(n) for first, last in spans for n in range((last - first).days + 1)]
    return [day for day in days if day.weekday() < 5 and day != date(2026, 9, 2)]


DAYS = school_days()


def at_london(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, LONDON)


class Chance:
    """Invents what happens at a school."""

    def __init__(self, hilltop, seed):
        self.hilltop, self.random = hilltop, random.Random(seed)
        self.events = []

    def later(self, day, clock, do, /, **fields):
        self.events.append((f"{day} {clock}", len(self.events), do, fields))

    def often(self, share):
        return self.random.random() < share

    def day(self, first, last):
        return first + timedelta(self.random.randint(0, (last - first).days))

    def clock(self):
        return f"{self.random.randint(7, 17):02}:{self.random.randint(0, 59):02}"

    def school(self, placements=5):
        for number in range(placements):
            self.later(FIRST, "07:00", "add_pupil", id=f"u{number}", name="Invented", born="2012-03-04",
                       parents=[{"id": f"m{number}", "name": "Invented"}])  # fmt: skip
        self.later(FIRST, "07:00", "add_provider", id="barn", name="Invented", kind="non_school",
                   sites=[{"id": "barn", "address": "2 Invented Lane"}])  # fmt: skip
        for _ in range(4):
            self.later(self.day(FIRST, LAST), self.clock(), "confirm_safeguarding", provider=self.provider(),
                       status=self.random.choice(("verified", "verified", "requested", "rejected")),
                       valid_until=self.random.choice((None, self.day(date(2026, 11, 10), LAST))))  # fmt: skip
        for number in range(placements):
            self.placement(f"q{number}", f"u{number}")
        for number in range(10):
            self.concern(f"k{number}", placements)
        return self

    def provider(self):
        return self.random.choice(("centre", "barn"))

    def placement(self, ref, pupil):
        start = self.random.choice([day for day in DAYS if date(2026, 11, 9) <= day < date(2026, 11, 20)])
        provider = self.provider()
        site = "main" if provider == "centre" else "barn"
        self.later(FIRST, "09:00", "propose_placement", placement=ref, pupil=pupil, provider=provider, site=site,
                   purpose="improve_behaviour", tried=["mentoring"], reasons="invented", start=start,
                   days=self.random.randint(3, 10), sessions="full_time")  # fmt: skip
        if self.often(0.85):
            self.later(FIRST, "10:00", "determine", placement=ref)
        if self.often(0.8):
            self.later(self.day(FIRST, start), self.clock(), "serve_notice", placement=ref, to=["parent"],
                       method=self.random.choice(("hand", "post", "email")))  # fmt: skip
        if self.often(0.6):
            self.later(start, "08:30", "start", placement=ref, override={"by": "head1", "reason": "invented"})
        for day in DAYS:
            if start <= day <= LAST and self.often(0.8):
                self.marks(ref, day, site)
            if start <= day <= LAST and self.often(0.15):
                self.later(
                    day,
                    self.clock(),
                    "record_contact",
                    placement=ref,
                    with_=self.random.choice(("parent", "provider", "pupil")),
                    reached=self.often(0.7),
                )
        if self.often(0.3):
            self.later(self.day(start, LAST), self.clock(), "put_on_hold", placement=ref, reason="invented", by="dsl1")
            self.later(self.day(start, LAST), self.clock(), "lift_hold", placement=ref, reason="invented", by="dsl1")
        if self.often(0.2):
            self.later(self.day(start, LAST), self.clock(), "close", placement=ref, outcome="provider_failed", by="head1")

    def marks(self, ref, day, site):
        for session, clock in (("am", "09:05"), ("pm", "13:30")):
            if self.often(0.6):
                self.later(day, clock, "mark", placement=ref, session=session, register="provider",
                           code=self.random.choice(("/" if session == "am" else "\\", "I", "N", "O")),
                           site=self.random.choice((None, None, site, "shed")))  # fmt: skip
            if self.often(0.5):
                code = self.random.choice(("B", "B", "K", "I", "N", "D"))
                self.later(day, clock, "mark", placement=ref, session=session, register="home", code=code, activity="joinery",
                           reason=self.random.choice((None, "invented")))  # fmt: skip
                if self.often(0.1):
                    self.later(day, "17:30", "amend_mark", placement=ref, session=session, day=day, register="home", code="B",
                               reason="invented", activity="joinery")  # fmt: skip

    def concern(self, name, placements):
        day, of = self.day(FIRST, LAST), self.random.randrange(placements)
        about = self.random.choice(("pupil", "placement"))
        kind = self.random.choice(("concern", "low_level", "allegation", "missing"))
        self.later(
            day, self.clock(), "raise_concern", concern=name, placement=f"q{of}", kind=kind, about=about, text="invented"
        )
        for share, do, fields in (
            (0.5, "triage_concern", {"decision": "keep watching"}),
            (0.4, "refer_to_lado", {"decision": self.random.choice(("referred", "not_referred")), "reasons": "invented"}),
            (0.5, "find_child", {}),
            (0.4, "close_concern", {"decision": "invented"}),
        ):
            if self.often(share):
                self.later(self.day(day, LAST), self.clock(), do, concern=name, by="dsl1", **fields)

    def play(self):
        """Does it all in order, with no rule looking on; what the gates refuse has not happened."""
        done = 0
        for at, _, do, fields in sorted(self.events, key=lambda event: event[:2]):
            try:
                self.hilltop.do(do, at, **fields)
                done += 1
            except Refused:
                continue
        assert done > len(self.events) / 2, "most of what is invented must be possible"


def live() -> tuple:
    """Placements that are not closed, with their newest terms."""
    any_terms = aliased(Terms)
    newest = select(func.max(any_terms.id)).where(any_terms.placement_id == Placement.id).scalar_subquery()
    closed = exists(select(Closure.id).where(Closure.placement_id == Placement.id))
    return select(Placement).join(Terms, Terms.id == newest).where(~closed)


def determined():
    return exists(select(Determination.id).where(Determination.placement_id == Placement.id))


def newest_marks():
    """The marks that no later one amends."""
    later = aliased(Mark)
    return aliased(Mark, select(Mark).where(~exists(select(later.id).where(later.amends == Mark.id))).subquery())


def of_concerns(*conditions):
    closed = exists(select(ConcernClosure.id).where(ConcernClosure.concern == Concern.concern))
    found = select(Placement.ref, Concern.concern).join(Concern, Concern.placement_id == Placement.id)
    return found.where(Concern.kind != "low_level", *conditions), closed


def concern_raised(at):
    found, closed = of_concerns()
    return found.where(~closed)


def concern_not_triaged(at):
    triaged = exists(select(Triage.id).where(Triage.concern == Concern.concern))
    found, closed = of_concerns(Concern.happened_at <= at - timedelta(minutes=120))
    return found.where(~triaged, ~closed)


def allegation_not_referred(at):
    referred = exists(select(Referral.id).where(Referral.concern == Concern.concern))
    return of_concerns(Concern.kind == "allegation", ~referred)[0]


def child_missing(at):
    found = exists(select(Found.id).where(Found.concern == Concern.concern))
    return of_concerns(Concern.kind == "missing", ~found)[0]


def safeguarding_confirmation_missing(at):
    today = at.astimezone(LONDON).date()
    asked = [day for day in DAYS if DAYS[max(DAYS.index(day) - 5, 0)] <= today]
    check = aliased(ProviderCheck)  # asking for it anew takes nothing away from one that is verified
    newest = (
        select(func.max(check.id))
        .where(check.provider_id == Placement.provider_id, check.item == "n", check.status.in_(("verified", "rejected")))
        .correlate(Placement)
        .scalar_subquery()
    )
    good = exists(
        select(ProviderCheck.id).where(
            ProviderCheck.id == newest,
            ProviderCheck.status == "verified",
            or_(ProviderCheck.valid_until.is_(None), ProviderCheck.valid_until >= today),
        )
    )
    return live().with_only_columns(Placement.ref).where(Terms.start.in_(asked), ~good)


def unapproved_site(at):
    mark = newest_marks()
    midnight_after = case(*((mark.day == day, literal(at_london(day + timedelta(1), time(0)), Instant)) for day in DAYS))
    approved = exists(
        select(Site.id).where(
            Site.provider_id == Placement.provider_id, Site.ref == mark.site, Site.happened_at < midnight_after
        )
    )
    return (
        live()
        .with_only_columns(Placement.ref, mark.day, mark.session)
        .join(mark, mark.pupil_id == Placement.pupil_id)
        .where(mark.site.is_not(None), mark.day >= Terms.start, ~approved)
        .where(or_(mark.provider_id.is_(None), mark.provider_id == Placement.provider_id))
    )


def notice_late(at):
    today = at.astimezone(LONDON).date()
    limit = case(*((Terms.start == day, literal(DAYS[DAYS.index(day) - 2])) for day in DAYS[2:]))
    first = select(func.min(Notice.given_on)).where(Notice.placement_id == Placement.id).scalar_subquery()
    late = or_(first > limit, and_(first.is_(None), limit < today))
    return live().with_only_columns(Placement.ref).where(determined(), late)


def requirement_lapsed(at):
    today = at.astimezone(LONDON).date()
    said = [
        select(row.days).where(row.placement_id == Placement.id).order_by(row.id.desc()).limit(1).scalar_subquery()
        for row in (Notice, Determination)
    ]
    days = func.coalesce(*said)
    start_place = case(*((Terms.start == day, literal(place)) for place, day in enumerate(DAYS)))
    over = sum(day < today for day in DAYS)
    if today > DAYS[-1]:
        raise ValueError("the calendar counted by hand ends before today")
    return live().with_only_columns(Placement.ref).where(determined(), start_place + days <= over)


def code_b_but_absent(at):
    home, theirs = newest_marks(), newest_marks()
    return (
        live()
        .with_only_columns(Placement.ref, home.day, home.session)
        .join(home, and_(home.pupil_id == Placement.pupil_id, home.provider_id.is_(None)))
        .join(theirs, and_(theirs.pupil_id == home.pupil_id, theirs.day == home.day, theirs.session == home.session))
        .where(theirs.provider_id == Placement.provider_id, home.code.in_(("B", "K")), theirs.code.in_(ABSENCES))
        .where(home.day >= Terms.start)
    )


def location_unknown(at):
    slots = union_all(
        *(
            select(
                literal(day).label("day"),
                literal(session, String).label("session"),
                literal(at_london(day, begins), Instant).label("begins"),
                literal(at_london(day, time(0)), Instant).label("midnight"),
            )
            for day in DAYS
            for session, begins in BEGINS.items()
            if day >= FIRST and at_london(day, begins) + timedelta(minutes=120) <= at
        )
    ).subquery()
    home, theirs, hold = newest_marks(), newest_marks(), aliased(Hold)
    marked = exists(
        select(theirs.id).where(
            theirs.pupil_id == Placement.pupil_id, theirs.provider_id == Placement.provider_id,
            theirs.day == slots.c.day, theirs.session == slots.c.session,
        )
    )  # fmt: skip
    explained = exists(
        select(home.id).where(
            home.pupil_id == Placement.pupil_id, home.provider_id.is_(None), home.day == slots.c.day,
            home.session == slots.c.session, home.code.in_(ABSENCES),
            ~and_(home.code.in_(("N", "O", "U")), home.reason.is_(None)),
        )
    )  # fmt: skip
    spoken = exists(
        select(Contact.id).where(
            Contact.placement_id == Placement.id, Contact.contacted.in_(("parent", "provider")),
            Contact.happened_at >= slots.c.midnight, Contact.reached,
        )
    )  # fmt: skip
    last_hold = (
        select(hold.begun.cast(Integer))
        .where(hold.placement_id == Placement.id, hold.happened_at <= slots.c.begins)
        .order_by(hold.happened_at.desc(), hold.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        live()
        .with_only_columns(Placement.ref, slots.c.day, slots.c.session)
        .join(slots, slots.c.day >= Terms.start)
        .where(determined(), ~marked, ~explained, ~spoken, func.coalesce(last_hold, 0) == 0)
    )


QUERIES = {name: globals()[name.replace("-", "_")] for name in GRAVEST}


def by_query(hilltop, rule, at) -> set[tuple[str, ...]]:
    with hilltop.database.reading() as session:
        return {(row[0], " ".join(map(str, row[1:]))) for row in session.execute(QUERIES[rule](at))}


def by_rule(hilltop, judge, at) -> Iterator[tuple[str, str, str]]:
    school = hilltop.school()
    with hilltop.database.reading() as session:
        ids = dict(session.execute(select(Placement.id, Placement.ref)).tuples().all())
        cases = load_cases(session, school, ids)
    for key in look(judge, school, cases, at, [BOOK[rule] for rule in GRAVEST], None).findings:
        about = key.subject if BOOK[key.rule].subject in ("session", "concern") else ""
        yield key.rule, ids[key.placement_id], about


@pytest.mark.parametrize("seed", SEEDS)
def test_the_ten_gravest_rules_find_what_a_query_finds(hilltop, seed):
    judge, hilltop.runner = hilltop.runner.judge, NoRules()
    Chance(hilltop, seed).school().play()
    some = set()
    for day, clock in ((LAST, time(18, 0)), (date(2026, 11, 30), time(6, 0)), (date(2026, 12, 8), time(11, 10))):
        at = at_london(day, clock)
        found = list(by_rule(hilltop, judge, at))
        for rule in GRAVEST:
            assert {(ref, about) for name, ref, about in found if name == rule} == by_query(hilltop, rule, at), (rule, at)
        some |= {name for name, _, _ in found}
    assert len(some) >= 7, f"too little happens: {some}"
