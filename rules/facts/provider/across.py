"""Facts about a provider across all placements of one school there: low-level concerns, pupils full-time.

What a person has closed an alert about counts no more: only what was recorded since can raise it again.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from offsite.case.across import Across
from offsite.case.attendance.hours import minutes_a_week
from offsite.case.case import Case, ProviderFile
from offsite.case.direction.enforceable import SCHOOL_KINDS, compulsory_age_ends
from offsite.case.direction.terms import closed, determination
from offsite.case.settings import setting
from offsite.law.london import day_of
from offsite.law.parameters import parameter
from rules.facts.words import day_in_words
from rules.judge import Fact
from rules.language import FactKind, flag, number

ABOUT_IT = ("placement", "provider")
"""What a concern is about that bears on the provider; one about the pupil says nothing of it."""
LOW_LEVEL, MUST_REGISTER = "repeated-low-level-concerns", "provider-must-register"


class LowLevelFacts(FactKind):
    """One a provider about which low-level concerns were raised."""

    kind = "low_level"
    close_together = number("low-level concerns in the fullest window of sixty days", unit="concerns")


class FullTimeFacts(FactKind):
    """One a non-school provider that may have to register as a school, or of which that cannot be told."""

    kind = "full_time"
    pupils = number(
        "pupils of compulsory school age there full-time", unit="pupils", may_be_unknown=True, known_by="attendance"
    )
    with_plan_or_looked_after = flag(
        "a pupil of that age with an EHC plan, or looked after, is there full-time", may_be_unknown=True, known_by="attendance"
    )


def derive_low_level(across: Across, at: datetime) -> Iterator[Fact]:
    """Low-level concerns about the placements at a provider, or about the provider itself."""
    window = timedelta(parameter("low_level_window", date(2010, 9, 1)).value)
    for provider in across.providers:
        since = across.since(LOW_LEVEL, provider)
        days = sorted(
            day_of(row.happened_at)
            for row in across.concerns.get(provider.id, ())
            if row.kind == "low_level" and row.about in ABOUT_IT and (since is None or row.recorded_at > since)
        )
        fullest = max((sum(first <= day <= first + window for day in days) for first in days), default=0)
        if days:
            yield Fact(
                LowLevelFacts,
                LowLevelFacts.values(close_together=fullest),
                provider.ref,
                days[-1],
                False,
                lambda days=days, fullest=fullest: {"concerns": fullest, "last": day_in_words(days[-1])},  # type: ignore[misc]
            )


def derive_full_time(across: Across, at: datetime) -> Iterator[Fact]:
    """Placements determined and not closed, or what the provider declares, whichever is more.

    A provider below the threshold has no fact: that pupils left does not undo that it was an unregistered school.
    """
    today = day_of(at)
    enough = parameter("must_register", today).value
    threshold = setting(across.school, "hours_threshold", today) * 60
    for provider in across.providers:
        details = provider.details_on(today)
        if details.kind in SCHOOL_KINDS:
            continue
        since = across.since(MUST_REGISTER, provider)
        declared = since is None or details.recorded_at > since
        pupils = (details.declared_full_time or 0) if declared else 0
        special = bool(details.declared_full_time_ehc_or_looked_after) and declared
        own = unknown = unknown_special = 0
        for case in across.at_provider(provider):
            if not _counts(case, since):
                continue
            there = _full_time(case, today, threshold)
            urgent = case.pupil.has("ehc_plan", today) or case.pupil.has("looked_after", today)
            own += there is True
            unknown += there is None
            special = special or (urgent and there is True)
            unknown_special += urgent and there is None
        yield from _full_time_fact(provider, max(pupils, own), unknown, special, bool(unknown_special), enough, today)


def _counts(case: Case, since: datetime | None) -> bool:
    decided = determination(case)
    return decided is not None and closed(case) is None and (since is None or decided.recorded_at > since)


def _full_time(case: Case, today: date, threshold: int) -> bool | None:
    """Whether a pupil of compulsory school age is there full-time; None where age or session times are not known."""
    minutes, born = minutes_a_week(case, today), case.pupil.details.born
    if minutes is not None and minutes <= threshold:
        return False
    if born is not None and today > compulsory_age_ends(born):
        return False
    return None if minutes is None or born is None else True


def _full_time_fact(
    provider: ProviderFile, pupils: int, unknown: int, special: bool, unknown_special: bool, enough: int, today: date
) -> Iterator[Fact]:
    if pupils + unknown < enough and not special and not unknown_special:
        return
    yield Fact(
        FullTimeFacts,
        FullTimeFacts.values(
            pupils=None if pupils < enough <= pupils + unknown else pupils,
            with_plan_or_looked_after=None if unknown_special and not special else special,
        ),
        provider.ref,
        today,
        False,
        lambda: {"pupils": pupils, "special": "yes" if special else "none known"},
    )


OF_SCHOOL = ((LowLevelFacts, derive_low_level), (FullTimeFacts, derive_full_time))
