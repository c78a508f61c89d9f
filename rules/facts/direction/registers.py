"""Facts about the second registration at a receiving school, and about the census row."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from models.placement import Registration, StatutoryStep
from offsite.case.case import Case
from offsite.case.direction.terms import determination, planned_start, started, terms
from offsite.case.reached import reached, told
from offsite.law.london import day_of
from offsite.law.parameters import parameter
from offsite.law.regimes import ATTENDANCE_2024
from rules.facts.words import day_in_words
from rules.judge import Fact
from rules.language import FactKind, flag, number

ONE_DAY = timedelta(days=1)


class SecondRegistrationFacts(FactKind):
    """One a placement with a dual registration: what is owed because of it."""

    kind = "second_registration"
    home_entered = flag("the home admission register names the other school and the start date")
    days_since_entry = number("days since the entry on the receiving register", unit="calendar days")
    new_pupil_returned = flag("the new-pupil return is recorded")


class TransferFacts(FactKind):
    """One a placement with a dual registration: the common transfer file."""

    kind = "transfer"
    tenth_day_come = flag("the tenth school day after the school learned of it has come", may_be_unknown=True)
    fifteenth_day_passed = flag("the fifteenth school day after the school learned of it has passed", may_be_unknown=True)
    transferred = flag("the transfer of the file is recorded")


class CensusFacts(FactKind):
    """One a placement that should be running: what the census row needs."""

    kind = "census"
    running = flag("the direction is determined and its start day has come")
    settings = number("of URN, UKPRN and setting type, those recorded of the provider", unit="items")
    reason = flag("the reason for the census is recorded")
    entered = flag("the entry date is recorded")
    sessions = number("sessions a week", unit="sessions")


def derive_registration(case: Case, at: datetime) -> Iterator[Fact]:
    """The registration, and the steps taken since."""
    registered = case.newest(Registration)
    if registered is None:
        return
    today, entered, learned = day_of(at), day_of(registered.happened_at), registered.learned_on
    taken = {row.kind for row in case.of(StatutoryStep)}
    yield Fact(
        SecondRegistrationFacts,
        SecondRegistrationFacts.values(
            home_entered=registered.home_register_entered,
            days_since_entry=(today - entered).days,
            new_pupil_returned="new_pupil" in taken,
        ),
        case.ref,
        entered,
        False,
        lambda: {
            "entered": day_in_words(entered),
            "due": entered + timedelta(parameter("new_pupil_return", ATTENDANCE_2024).value),
        },
    )
    days, on = case.school.school_days, max(learned, ATTENDANCE_2024)
    ten, fifteen = parameter("transfer_file_reminder", on).value, parameter("transfer_file", on).value
    yield Fact(
        TransferFacts,
        TransferFacts.values(
            tenth_day_come=reached(case, today, lambda: days.after(learned, ten)),
            fifteenth_day_passed=reached(case, today, lambda: days.after(learned, fifteen) + ONE_DAY),
            transferred="transfer_file" in taken,
        ),
        case.ref,
        learned,
        False,
        lambda: {"learned": day_in_words(learned), "due": told(lambda: days.after(learned, fifteen))},
    )


def derive_census(case: Case, at: datetime) -> Iterator[Fact]:
    """The provider's numbers, and the terms of the placement."""
    today, now = day_of(at), terms(case)
    provider = case.provider.details_on(today)
    known = [name for name in ("urn", "ukprn", "setting_type") if getattr(provider, name)]
    entered = started(case) is not None
    sessions = sum(len(wanted) for wanted in now.sessions.values())
    lacks = [
        *([] if len(known) == 1 else ["exactly one of URN, UKPRN and setting type"]),
        *([] if now.census_reason else ["the reason"]),
        *([] if entered else ["the entry date"]),
        *([] if sessions else ["the sessions a week"]),
    ]
    yield Fact(
        CensusFacts,
        CensusFacts.values(
            running=determination(case) is not None and planned_start(case) <= today,
            settings=len(known),
            reason=bool(now.census_reason),
            entered=entered,
            sessions=sessions,
        ),
        case.ref,
        today,
        False,
        lambda: {"lacks": "; ".join(lacks) or "nothing"},
    )


SOURCES = (
    ((SecondRegistrationFacts, TransferFacts), derive_registration, True),
    ((CensusFacts,), derive_census, False),
)
