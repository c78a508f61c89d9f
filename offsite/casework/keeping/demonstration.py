"""The demonstration: an invented school whose terms are laid around the day it is run, so that something is due today in
every stage. Nobody in it exists. Its history is entered by the real commands, its registers are read from CSV files.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from offsite.case.case import SESSIONS
from offsite.casework.command import OPERATOR, Said, commands
from offsite.casework.import_marks import import_marks
from offsite.casework.keeping.installation import Installation
from offsite.casework.perform import perform
from offsite.casework.watch.rule_runner import NoRules
from offsite.exchange.marks import read_marks
from offsite.law.calendars import HalfTerm, SchoolDays
from offsite.law.london import LONDON, day_of, instant_of

URN = "999001"
WEEK = timedelta(weeks=1)
MARK_COLUMNS = ("pupil", "day", "session", "register", "code", "activity", "reason")
SESSION_STARTS = {"am": time(8, 45), "pm": time(13, 10)}

PEOPLE: tuple[dict[str, Any], ...] = (
    {"id": "dsl1", "roles": ["dsl"], "name": "Invented Person One", "email": "dsl@invented.example",
     "phone": "01632 960001"},
    {"id": "ddsl1", "roles": ["deputy_dsl"], "name": "Invented Person Two", "email": "deputy@invented.example",
     "phone": "01632 960002"},
    {"id": "head1", "roles": ["head"], "name": "Invented Person Three", "email": "head@invented.example",
     "phone": "01632 960003"},
    {"id": "clerk1", "roles": ["clerk"], "name": "Invented Person Four", "email": "clerk@invented.example",
     "phone": "01632 960004"},
    {"id": "gov1", "roles": ["governors", "chair"], "name": "Invented Person Five", "email": "chair@invented.example"},
    {"id": "att1", "roles": ["attendance"], "name": "Invented Person Six", "email": "attendance@invented.example"},
    {"id": "senco1", "roles": ["senco", "designated_teacher"], "name": "Invented Person Nine",
     "email": "senco@invented.example"},
    {"id": "dp1", "roles": ["data_protection"], "name": "Invented Person Ten", "email": "data@invented.example"},
)  # fmt: skip
LATER_PEOPLE: tuple[dict[str, Any], ...] = (
    {"id": "prov1", "roles": ["provider"], "name": "Invented Person Seven", "email": "workshop-staff@invented.example",
     "provider": "workshop"},
    {"id": "la1", "roles": ["local_authority"], "name": "Invented Person Eight", "email": "authority@invented.example"},
)  # fmt: skip
"""Entered once the providers are."""
PROVIDERS: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    ("workshop", "Invented Workshop", "non_school", {"setting_type": "WBP"}),
    ("pru", "Invented Pupil Referral Unit", "pru", {"urn": "999002"}),
    ("college", "Invented College", "fe_college", {"ukprn": "99990001"}),
    ("tuition", "Invented Tuition", "one_to_one_tuition", {"setting_type": "OOT"}),
)
WORDING = {
    "letterhead": "2 Invented Road, Invented Town\nTelephone 01632 960000\noffice@invented.example",
    "notice": "We will ring you at the end of the first day. Please ring us whenever you are worried.",
    "transport": "A school minibus calls at home at 8:10am and brings pupils back by 3:45pm. It is free.",
    "meals": "The provider serves a hot lunch. Free school meals go on there.",
    "meeting_place": "The library, Invented Park School",
    "advice": "Invented County SENDIASS, the local advice service: 01632 960009",
    "closing": "Thank you for working with us.",
    "signature": "Invented Person Five, chair of governors",
}
"""The school's own words in its letters."""
MEETS_AT = "16:00"
REASONS = "Lessons were stopped ten times this term (invented, for the demonstration)."
OBJECTIVE = "Asks for a break instead of walking out (invented)"
DECIDED = "Lessons go better. It is too soon to say that this will last (invented)."
SUMMARY = "A worry about the journey; looked into, and in hand (invented)."
SEEN = {
    "sites_seen": "The workshop, the classroom and the yard; invented.",
    "pupil_seen": "Showed us a shelf made last week. Says mornings go well and the bus is loud.",
    "staff_met": "The site lead and both teachers.",
    "central_record": "Three entries looked at; all complete.",
    "premises": "Clean. The fire door was free.",
    "teaching": "Measuring and marking out; eleven pupils, two adults.",
    "behaviour": "Calm. One pupil was helped to settle.",
    "registers": "Theirs for this week agree with ours.",
    "actions": "The provider sends the risk assessment of the saw by the end of the week.",
}
"""What an invented visit found."""
RETURN = {
    "worked": "Short tasks, and a walk before lunch.",
    "risk": "Crowded corridors: leaves lessons two minutes early, with the key adult.",
    "step_back": "Two missed days in a week, or a safety worry: the head and the parent meet the same day.",
}
"""What an invented plan of a return says."""
FULL_TIME_HOURS = 30
"""What the invented authority counts as close to full-time; its provision is nearly that."""


class Story(NamedTuple):
    """One placement of the demonstration."""

    ref: str
    provider: str
    start: int
    """School days from today: before it where negative."""
    days: int
    stage: str
    absent: int = 0
    """Every so many sessions one is missed without a reason; 0: none."""
    plan: bool = False
    """Whether the pupil has an EHC plan."""

    @property
    def authority(self) -> list[str]:
        """The authority that maintains the plan: told of everything the law prescribes."""
        return ["local_authority"] if self.plan else []


STORIES = (
    Story("K7QD-31", "workshop", 5, 30, "notice due"),
    Story("M2VA-84", "college", 14, 40, "proposed"),
    Story("R9TH-07", "tuition", 2, 20, "ready to start"),
    Story("C4WN-52", "workshop", 0, 30, "starts today"),
    Story("H8JE-66", "workshop", -24, 60, "invitations due"),
    Story("D3PX-19", "college", -28, 60, "outcome due"),
    Story("T6MG-45", "pru", -25, 60, "absent", 8, plan=True),
    Story("V5RC-73", "tuition", -20, 40, "concern open"),
    Story("A9KF-28", "college", -12, 16, "no review"),
    Story("Q2ZN-90", "workshop", -30, 60, "return planned"),
    Story("J7DV-14", "pru", -32, 60, "returning"),
    Story("W4HA-37", "workshop", -33, 25, "closed"),
)


@dataclass
class _Teller:
    here: Installation
    today: date
    now: datetime
    days: SchoolDays

    def say(self, do: str, day: date, at: time = time(9), by: str = OPERATOR, **fields: Any) -> None:
        said = min(instant_of(day, at), self.now)
        command = commands()[do].model_validate(fields)
        perform(self.here.database, self.here.key_file, URN, Said(command, said, by), NoRules())

    def school_day(self, offset: int) -> date:
        """The school day so many school days from today (0: today, or the next)."""
        if offset < 0:
            return self.days.before(self.today, -offset)
        return self.days.nth_from(self.today, offset + 1)


def half_terms(today: date) -> list[HalfTerm]:
    """Half terms around a day: one before, the one it lies in, and a year ahead."""
    monday = today - timedelta(today.weekday())
    weeks = ((-17, -10), (-8, 4), (6, 12), (14, 20), (22, 28), (30, 36), (38, 44))
    return [HalfTerm(monday + WEEK * first, monday + WEEK * last + timedelta(4)) for first, last in weeks]


def load(here: Installation, now: datetime) -> None:
    """Enter the whole demonstration, as having happened on the days before `now`."""
    today = day_of(now)
    terms = half_terms(today)
    inset = terms[1].first
    teller = _Teller(here, today, now, SchoolDays(terms, {inset: "INSET"}))
    begun = terms[1].first + timedelta(1)
    teller.say(
        "set_up_school", begun, time(7), name="Invented Park School (a demonstration)", urn=URN, kind="maintained",
        local_authority="Invented County", half_terms=[{"first": h.first, "last": h.last} for h in terms],
        closed=[inset], sessions={"am": ["08:45", "12:15"], "pm": ["13:10", "15:15"]},
    )  # fmt: skip
    for person in PEOPLE:
        teller.say("add_person", begun, time(7, 5), **person)
    valid = (today + timedelta(300)).isoformat()
    teller.say("change_settings", begun, time(7, 8), by="head1", hours_threshold=FULL_TIME_HOURS,
               reason="as the invented authority counts")  # fmt: skip
    for block, text in WORDING.items():
        teller.say("word_letters", begun, time(7, 9), by="head1", block=block, text=text)
    for ref, name, kind, known_by in PROVIDERS:
        teller.say(
            "add_provider", begun, time(7, 10), id=ref, name=name, kind=kind, **known_by,
            sites=[{"id": "main", "address": "1 Invented Lane"}], checks=f"all_verified_until {valid}",
            safeguarding_confirmation={"status": "verified", "valid_until": valid},
            contact={"name": "Invented Contact", "email": f"{ref}@invented.example",
                     "phone": "01632 960001"},
        )  # fmt: skip
    for person in LATER_PEOPLE:
        teller.say("add_person", begun, time(7, 15), **person)
    for number, story in enumerate(STORIES, 1):
        _tell(teller, begun, number, story)
    folder = here.data / "registers"
    _write_registers(teller, folder)
    for file in sorted(folder.glob("*.csv")):
        import_marks(here.database, here.key_file, URN, read_marks(file), now, NoRules())


def _tell(teller: _Teller, begun: date, number: int, story: Story) -> None:
    pupil = f"u{number:02d}"
    start = teller.school_day(story.start)
    proposed = min(max(begun, teller.days.before(start, 10)), teller.today)
    p = {"placement": story.ref}
    teller.say(
        "add_pupil", begun, time(7, 20), id=pupil, name=f"Invented Pupil {number}",
        born=date(teller.today.year - 13, 1 + number % 12, 3), social_worker=number == 8, ehc_plan=story.plan,
        parents=[{"id": f"{pupil}-m", "name": f"Invented Parent {number}", "email": f"{pupil}@home.example",
                  "address": f"{number} Invented Terrace, Invented Town"}],
    )  # fmt: skip
    teller.say(
        "propose_placement", proposed, time(7, 30), **p, pupil=pupil, provider=story.provider, site="main",
        purpose="improve_behaviour", tried=["mentoring", "a behaviour support plan"],
        reasons=REASONS, start=start, days=story.days, sessions="full_time",
        approved_by="head1", supervised_by="lead at the provider", report_to="the site lead",
        census_reason="off-site direction",
    )  # fmt: skip
    if story.stage == "proposed":
        return
    teller.say("record_consultation", proposed, time(7, 40), **p, said="It may help. I want to hear each week how it goes.",
               **{"with": "parent"})  # fmt: skip
    for consulted in story.authority:
        teller.say("record_consultation", proposed, time(7, 42), **p, **{"with": consulted})
    teller.say("assess_risk", proposed, time(7, 45), **p)
    teller.say("determine", proposed, time(8), by="gov1", **p, minute="FGB 7")
    if story.stage == "notice due":
        return
    teller.say(
        "agree_plan", proposed, time(8, 10), **p, agreed_by=["school", "provider", "parent"], readiness="default",
        objectives=[{"id": "o1", "text": OBJECTIVE, "measure": "incidents a week", "baseline": "6",
                     "target": "1", "by": start + timedelta(60), "owner": "provider"}],
    )  # fmt: skip
    teller.say("serve_notice", proposed, time(8, 20), by="clerk1", **p, to=["parent", *story.authority],
               method="hand")  # fmt: skip
    if story.provider == "pru":
        teller.say("register_at_provider", proposed, time(8, 30), **p)
    if story.start >= 0:
        meets = start + timedelta(28)
        teller.say("schedule_review", proposed, time(8, 40), **p, review=f"{story.ref}-r1", meets=f"{meets} {MEETS_AT}")
        return
    _attend(teller, story, start)


def _attend(teller: _Teller, story: Story, start: date) -> None:
    p, review = {"placement": story.ref}, {"review": f"{story.ref}-r1"}
    everybody = ["relevant_person", "provider", "head", "representative", *story.authority]
    today = teller.today
    teller.say("start", start, time(8, 30), **p)
    teller.say("record_contact", teller.school_day(-2), time(8, 50), **p, **{"with": "provider"})
    teller.say("record_visit", min(teller.school_day(-1), teller.days.after(start, 9)), time(10), by="dsl1", **p, **SEEN)
    if story.stage in ("no review", "concern open"):  # the one is owed a review, the other was reviewed within ten weeks
        asked_by, asked = ("parent", -4) if story.stage == "no review" else ("pupil", -3)
        teller.say("request_review", teller.school_day(asked), time(9), by="clerk1", **p, request=f"{story.ref}-q1",
                   asked_by=asked_by)  # fmt: skip
    if story.stage == "no review":
        return
    teller.say("record_visit", teller.school_day(-3), time(11), by="dsl1", **p)
    if story.stage != "outcome due":
        teller.say("report_progress", teller.school_day(-4), time(12), **p, objectives={"o1": "green"},
                   note="Calmer each week. Finishes what is begun (invented).")  # fmt: skip
    if story.stage == "returning":
        for step in ("new_pupil", "transfer_file"):
            teller.say("record_statutory_step", teller.days.after(start, 3), time(14), **p, kind=step)
    meets = {"invitations due": today + timedelta(8), "outcome due": today - timedelta(4)}.get(story.stage)
    if meets is None:
        held = teller.school_day(-8)
        later = today + timedelta(35)
        teller.say("schedule_review", start, time(9), **p, **review, meets=f"{held} {MEETS_AT}")
        teller.say("invite", max(start, held - timedelta(8)), time(9), by="clerk1", **review, to=everybody)
        teller.say("receive_views", held - timedelta(1), time(9), **review, said="Things are calmer at home.",
                   **{"from": "relevant_person"})  # fmt: skip
        teller.say("hold_review", held, time(16), **review, attended=everybody)
        decision = "reintegrate" if story.stage in ("return planned", "returning") else "continue"
        period = {} if decision == "reintegrate" else {"days": 40}
        teller.say("decide", held, time(17), by="gov1", **review, decision=decision, reasons=DECIDED,
                   views_considered=everybody, **period)  # fmt: skip
        teller.say("notify_outcome", held + timedelta(1), time(9), **review, method="hand",
                   to=["relevant_person", "provider", *story.authority])  # fmt: skip
        if decision == "continue" and story.stage != "closed":
            teller.say("schedule_review", held + timedelta(1), time(9, 30), **p, review=f"{story.ref}-r2",
                       meets=f"{later} {MEETS_AT}")  # fmt: skip
    elif story.stage == "outcome due":
        teller.say("schedule_review", start, time(9), **p, **review, meets=f"{meets} {MEETS_AT}")
        teller.say("invite", meets - timedelta(8), time(9), by="clerk1", **review, to=everybody)
        teller.say("hold_review", meets, time(16), **review, attended=everybody)
        teller.say("decide", meets, time(17), by="gov1", **review, decision="continue", days=40,
                   reasons=DECIDED)  # fmt: skip
        teller.say("schedule_review", meets, time(17, 10), **p, review=f"{story.ref}-r2",
                   meets=f"{today + timedelta(38)} {MEETS_AT}")  # fmt: skip
    else:
        teller.say("schedule_review", start, time(9), **p, **review, meets=f"{meets} {MEETS_AT}")
    if story.stage == "concern open":
        teller.say("raise_concern", teller.school_day(-2), time(10, 20), **p, concern=f"{story.ref}-c1", kind="concern",
                   about="placement", text="invented concern, for the demonstration")  # fmt: skip
        teller.say("triage_concern", teller.school_day(-2), time(11), by="dsl1", concern=f"{story.ref}-c1",
                   decision="visit tomorrow", summary=SUMMARY)  # fmt: skip
    elif story.stage == "return planned":
        teller.say("plan_return", teller.school_day(-2), time(15), **p, return_on=teller.school_day(4))
    elif story.stage == "returning":
        teller.say("plan_return", teller.school_day(-6), time(15), **p, return_on=teller.school_day(-2),
                   support=["invented support"], key_adult="att1",
                   phases=[{"from": teller.school_day(-2), "to": teller.school_day(6),
                            "sessions": {"mon": ["am"], "wed": ["am"]}}],
                   part_time_agreed_on=teller.school_day(-7), review_on=[teller.school_day(3), teller.school_day(6)],
                   **RETURN)  # fmt: skip
        teller.say("begin_return", teller.school_day(-2), time(8, 30), **p)
    elif story.stage == "closed":
        teller.say("close", teller.school_day(-5), time(16), by="head1", **p, outcome="returned",
                   report="Back full-time. The objective was met (invented).")  # fmt: skip
        teller.say("record_statutory_step", teller.school_day(-4), time(9), by="att1", **p, kind="census_end")


def _write_registers(teller: _Teller, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for register in ("home", "provider"):
        with (folder / f"{register}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(MARK_COLUMNS)
            for number, story in enumerate(STORIES, 1):
                if story.start < 0:
                    writer.writerows(_rows(teller, f"u{number:02d}", story, register))


def _rows(teller: _Teller, pupil: str, story: Story, register: str) -> Iterator[Sequence[str]]:
    last = {"closed": teller.school_day(-6), "returning": teller.school_day(-3)}.get(story.stage, teller.today)
    at_school = story.provider == "pru"
    slots = [(day, session) for day in teller.days.days_between(teller.school_day(story.start), last) for session in SESSIONS]
    for count, (day, session) in enumerate(slots, 1):
        begins = datetime.combine(day, SESSION_STARTS[session], LONDON)
        if begins > teller.now or (day == teller.today and story.stage == "no review"):
            continue
        missed = bool(story.absent) and count % story.absent == 0
        code = "/" if session == "am" else "\\"
        activity = ""
        if register == "home":
            code = "D" if at_school else "N" if missed else "B"
            activity = "invented course" if code == "B" else ""
        elif missed:
            code = "N"
        yield pupil, day.isoformat(), session, register, code, activity, ""
