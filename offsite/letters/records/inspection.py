"""The inspection sheet: each provider in use, with its registration, and each pupil who started there, why, when, how long."""

from collections.abc import Sequence
from datetime import date, datetime

from models.encrypted_text import Texts
from models.provider import ProviderDetails
from offsite.case.attendance.hours import minutes_a_week
from offsite.case.case import Case, SchoolFile
from offsite.case.direction.enforceable import SCHOOL_KINDS
from offsite.case.direction.terms import planned_start, start_day, started, terms
from offsite.law.london import day_of
from offsite.letters.common import frame
from offsite.letters.letter import Blanks, Letter, compose
from offsite.letters.records.record import NOT_ON_RECORD, RecordFields, Section, words
from offsite.letters.words import counted, day_in_words

KINDS = {
    "pru": "Pupil referral unit",
    "ap_academy": "Alternative provision academy",
    "fe_college": "Further education college",
    "non_school": "Provider that is not a school",
}
"""Kinds whose stored word is no plain English."""
HEADS = ("Pupil", "Placement", "Reasons", "Start", "Hours a week")


def inspection_sheet(school: SchoolFile, cases: Sequence[Case], texts: Texts, at: datetime, head: str = "") -> Letter:
    """Every provider in use on the day of `at`: where a pupil's start is on record.

    Raises TextUnreadable where the key to the reasons is lost.
    """
    day, by_provider = day_of(at), dict[int, list[Case]]()
    begun = [case for case in cases if started(case)]
    for case in begun:
        by_provider.setdefault(case.provider.id, []).append(case)
    sections = tuple(_provider(placed, texts, day) for placed in by_provider.values())
    use = f"{counted(len(begun), 'placement')} at {counted(len(sections), 'provider')}"
    fields = RecordFields(
        "Alternative provision in use",
        f"Inspection sheet of {school.details_on(day).name} (URN {school.urn}), {day_in_words(day)}: {use}",
        sections,
    )
    return compose("record", "school", fields, frame(school, f"URN {school.urn}", day, head), Blanks())


def _provider(placed: Sequence[Case], texts: Texts, day: date) -> Section:
    provider = placed[0].provider
    details = provider.details_on(day)
    contact = [part for part in (details.contact_name, details.contact_phone, details.contact_email) if part]
    return Section(
        details.name,
        facts=(
            ("Address", tuple(site.address for site in provider.sites.values()) or NOT_ON_RECORD),
            ("Kind", KINDS.get(details.kind, words(details.kind))),
            ("Registration", _registration(details)),
            ("URN", details.urn or "none"),
            ("Contact", ", ".join(contact) or NOT_ON_RECORD),
        ),
        heads=HEADS,
        rows=tuple(
            (
                case.pupil.details.name,
                case.ref,
                f"{words(terms(case).purpose)}. {texts.open(terms(case).reasons, case.pupil.id) or ''}".strip(),
                _start_said(case),
                weekly_hours_said(case, day),
            )
            for case in placed
        ),
    )


def _start_said(case: Case) -> str:
    """The day the pupil started, with the planned one where that is another."""
    planned = planned_start(case)
    began = start_day(case) or planned
    return day_in_words(began) + (f" (planned for {day_in_words(planned)})" if began != planned else "")


def _registration(details: ProviderDetails) -> str:
    if details.kind in SCHOOL_KINDS:
        return "Registered as a school" + ("." if details.urn else ", as recorded by us; its URN is not on record.")
    known = [f"UKPRN {details.ukprn}" if details.ukprn else "", f"setting type {details.setting_type}" if details.setting_type
             else ""]  # fmt: skip
    return "Not registered as a school" + "".join(f"; {each}" for each in known if each) + "."


def weekly_hours_said(case: Case, day: date) -> str:
    """Hours a week at the provider by the timetable, or that they cannot be told."""
    minutes = minutes_a_week(case, day)
    return "cannot tell: session times are not on record" if minutes is None else f"{minutes // 60} h {minutes % 60:02d} min"
