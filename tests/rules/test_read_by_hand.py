"""The rule book read by hand, and the mutants of its conditions, each of which that reading must notice.

Below stands every condition a second time, written from the words of the rule book (rulebook.yaml, `when`) over the names
of the facts and from nothing else. Generated facts, on and beside every line a condition draws, must be judged alike; and
a condition with one comparison turned round, one part left out or one number moved by one must not be.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from rules.book import BOOK
from rules.language import Combined, Compare, Condition

SEED = 20261124
FACTS = 6000
"""Generated facts a rule."""
Reading = Callable[[Any], bool]

BY_HAND: dict[str, Reading] = {
    "notice-due": lambda f: f.determined and f.unserved and f.reminder_day_come and not f.days_past_limit > 0,
    "notice-late": lambda f: f.determined and f.days_late > 0,
    "notice-incomplete": lambda f: f.lacks > 0,
    "notice-local-authority-missing": lambda f: f.authority_missed,
    "notice-wrong-addressee": lambda f: f.wrong_addressee,
    "notice-out-of-date": lambda f: f.out_of_date > 0,
    "purpose-not-behaviour": lambda f: (not f.improving or not f.tried) and f.determined,
    "objectives-not-agreed": lambda f: f.day_come and not f.agreed,
    "readiness-criteria-not-agreed": lambda f: f.reintegration_is_objective and f.started and not f.criteria_agreed,
    "curriculum-gap": lambda f: not f.english_and_maths or (f.sessions_a_week < 10 and not f.part_time_agreed),
    "review-not-scheduled": lambda f: f.attending and not f.review_set,
    "review-overdue": lambda f: f.days_to_meeting < 0 and not f.held,
    "review-overdue:critical": lambda f: f.days_to_meeting <= -15 and not f.held,
    "review-half-term-due": lambda f: f.days_to_end <= 14 and f.started_by_then and not f.reviewed_or_set,
    "review-half-term-missed": lambda f: f.started_by_then and f.attended_throughout and not f.reviewed,
    "review-thirty-days": lambda f: f.determined and f.days_without > 30,
    "invitations-due": lambda f: not f.held and 6 <= f.days_to_meeting <= 10 and f.uninvited,
    "invitations-late": lambda f: f.days_late > 0,
    "representative-ineligible": lambda f: f.is_head or f.was_head or f.authority_employee or f.connected,
    "representative-ineligible:good_practice": lambda f: (
        f.only_head_reported and not f.is_head and (f.was_head or f.authority_employee or f.connected)
    ),
    "review-request-waiting": lambda f: f.entitled and not f.held_before and not f.answered,
    "review-request-waiting:critical": lambda f: f.entitled and not f.held_before and not f.answered and f.tenth_day_come,
    "review-request-unanswered": lambda f: (
        f.entitled and f.held_before and f.fifth_day_come and not f.replied and not f.answered
    ),
    "decision-not-recorded": lambda f: f.days_since_held >= 3 and not f.decided,
    "outcome-due": lambda f: 3 <= f.days_since_held <= 6 and f.untold,
    "outcome-late": lambda f: f.days_late > 0,
    "outcome-incomplete": lambda f: f.incomplete,
    "views-not-considered": lambda f: f.views_passed_over > 0 and f.decided,
    "requirement-lapsed": lambda f: f.days_past_end > 0 and not f.returning,
    "longer-than-agreed": lambda f: f.days_over_maximum > 0,
    "non-school-cap-proposed": lambda f: not f.school and (f.days_since_start > 12 * 7 or f.sessions > 4),
    "partnership-not-recorded": lambda f: not f.school and f.sixtieth_day_passed and not f.partnership,
    "reintegration-plan-due": lambda f: f.plan_day_come and not f.ending_decided and not f.return_planned,
    "support-package-missing": lambda f: f.day_come and not (f.support and f.key_adult),
    "return-check-due": lambda f: f.day_come and not f.recorded,
    "objective-off-track": lambda f: (f.days_past_date > 0 and not f.assessed and not f.rated_well_since) or f.two_red,
    "progress-report-overdue": lambda f: f.report_interval_passed,
    "start-not-recorded": lambda f: f.determined and f.minutes_since_first_session >= 60 and not f.started,
    "register-not-received": lambda f: f.expected and f.cutoff_passed and not f.provider_marked,
    "location-unknown": lambda f: (
        f.expected and f.minutes_since_start >= 120 and not (f.provider_marked or f.absence_explained or f.contact_since)
    ),
    "absence-not-followed-up": lambda f: f.day_over and not f.parent_contacted,
    "unexplained-code-unresolved": lambda f: f.third_day_come,
    "unexplained-code-unresolved:high": lambda f: f.third_day_come and f.fifth_day_passed,
    "absence-return-due": lambda f: f.days >= 10 and not f.returned,
    "absence-twenty-days": lambda f: f.days >= 15 and not f.enquired,
    "absence-twenty-days:high": lambda f: f.days >= 20 and not f.enquired,
    "sickness-return-due": lambda f: max(f.longest, f.total) >= 15 and not f.returned,
    "penalty-notice-threshold": lambda f: f.sessions >= 10,
    "persistent-absence": lambda f: f.possible >= 20 and f.persistent,
    "severe-absence": lambda f: f.possible >= 20 and f.severe,
    "poor-start": lambda f: f.missed_in_a_row >= 3 or (f.under_half and f.marked >= 5),
    "attendance-falling": lambda f: min(f.possible_before, f.possible_lately) >= 10 and f.fallen,
    "absence-pattern": lambda f: f.missed >= 3,
    "activity-not-recorded": lambda f: f.code in ("B", "K") and not f.activity,
    "code-b-unsupervised": lambda f: f.code == "B" and (f.remote or not (f.approved and f.supervised)),
    "code-b-but-absent": lambda f: f.coded_there_but_absent,
    "code-d-mismatch": lambda f: (
        f.code == "D" and f.school and (f.absent_there or (f.day_over and not f.provider_marked) or not f.due_there)
    ),
    "code-d-not-a-school": lambda f: f.code == "D" and not (f.school and f.registered),
    "code-b-at-a-school": lambda f: f.code == "B" and f.school and f.registered,
    "concern-raised": lambda f: f.serious and not f.closed,
    "concern-not-triaged": lambda f: f.serious and f.triage_time_over and not f.triaged,
    "allegation-not-referred": lambda f: f.allegation and not f.referral_decided,
    "child-missing": lambda f: f.child_missing and not f.found,
    "placement-not-reviewed-after-concern": lambda f: (
        f.serious and f.about_the_place and not f.closed and f.review_day_passed and not f.safety_reviewed and f.live
    ),
    "unapproved-site": lambda f: not f.approved,
    "provider-change-reported": lambda f: not f.decided,
    "safeguarding-confirmation-missing": lambda f: f.day_come and not f.confirmed,
    "safeguarding-confirmation-missing:critical": lambda f: f.day_come and not f.confirmed and f.started,
    "vulnerability-changed": lambda f: not f.reassessed,
    "repeated-low-level-concerns": lambda f: f.close_together >= 2,
    "provider-check-missing": lambda f: f.day_come and f.never_verified > 0,
    "provider-check-lapsed": lambda f: f.days_left < 0 or f.rejected,
    "provider-check-lapsing": lambda f: 0 <= f.days_left <= 30 and not f.rejected,
    "provider-must-register": lambda f: f.pupils >= 5 or f.with_plan_or_looked_after,
    "hours-near-full-time": lambda f: not f.school and f.over_threshold,
    "visit-overdue": lambda f: (
        (f.tenth_day_passed and not f.visited_since_start)
        or (f.near_its_end and f.started_before and not f.visited_in_it)
        or f.interval_passed
    ),
    "contact-gap": lambda f: f.contact_days_over > 0,
    "dual-registration-missing": lambda f: f.determined and f.school and f.start_come and not f.registered,
    "home-register-incomplete": lambda f: not f.home_entered,
    "transfer-file-due": lambda f: f.tenth_day_come and not f.transferred,
    "transfer-file-due:high": lambda f: f.tenth_day_come and not f.transferred and f.fifteenth_day_passed,
    "new-pupil-return-due": lambda f: f.days_since_entry >= 3 and not f.new_pupil_returned,
    "new-pupil-return-due:high": lambda f: f.days_since_entry > 5 and not f.new_pupil_returned,
    "calendar-ending": lambda f: f.days_left <= 60,
    "census-row-incomplete": lambda f: f.running and not (f.settings == 1 and f.reason and f.entered and f.sessions != 0),
    "ehc-caseworker-not-told": lambda f: f.ehc_plan and f.day_come and not f.authority_consulted,
    "looked-after-not-consulted": lambda f: f.looked_after and f.day_come and not f.virtual_school_consulted,
    "retention-due": lambda f: f.day_passed and not (f.held or f.erased),
}


def declared() -> dict[str, Condition]:
    """Every condition of the book by the name of its statement."""
    found: dict[str, Condition] = {}
    for rule in BOOK.values():
        found[rule.id] = rule.when
        found.update({f"{rule.id}:{severity.word}": rule.when & step for severity, step in rule.steps.items()})
        if rule.good_practice_when is not None:
            found[f"{rule.id}:good_practice"] = rule.when & rule.good_practice_when
    return found


DECLARED = declared()


def facts(name: str) -> list[tuple[Any, ...]]:
    """Facts of the rule's kind with nothing unknown, its numbers on each line drawn through them and to both sides of it."""
    rule = BOOK[name.partition(":")[0]]
    lines: dict[str, set[int]] = {}
    for leaf in (leaf for condition in rule.conditions for leaf in condition.leaves()):
        if isinstance(leaf.value, int) and leaf.field.shape == "number":
            lines.setdefault(leaf.field.name, set()).update(range(leaf.value - 2, leaf.value + 3))
    chance = random.Random(f"{SEED} {name}")
    choices = [
        (False, True) if field.shape == "flag" else field.of if field.shape == "word" else sorted(lines.get(field.name, {0, 1}))
        for field in rule.looks_at.fields
    ]
    return [tuple(chance.choice(of) for of in choices) for _ in range(FACTS)]


def read_by_hand(name: str, values: tuple[Any, ...]) -> bool:
    kind = BOOK[name.partition(":")[0]].looks_at
    return bool(BY_HAND[name](SimpleNamespace(**kind.as_mapping(values))))


def mutants_of(name: str) -> Iterator[Condition]:
    """The mutants of a statement; of a step of severity those of the step alone, since the rule's own stand for themselves."""
    rule, _, step = name.partition(":")
    if not step:
        yield from mutants(DECLARED[name])
        return
    steps = {severity.word: condition for severity, condition in BOOK[rule].steps.items()}
    changed = steps[step] if step in steps else BOOK[rule].good_practice_when
    assert changed is not None
    for mutant in mutants(changed):
        yield BOOK[rule].when & mutant


def mutants(condition: Condition) -> Iterator[Condition]:
    """The condition with one thing changed: a comparison turned round, a number moved by one, a part left out, `and` for
    `or`."""
    if isinstance(condition, Compare):
        yield ~condition
        if condition.field.shape == "number" and isinstance(condition.value, int):
            yield replace(condition, value=condition.value + 1)
            yield replace(condition, value=condition.value - 1)
        return
    assert isinstance(condition, Combined)
    yield replace(condition, joined="or" if condition.joined == "and" else "and")
    for place, part in enumerate(condition.parts):
        others = condition.parts[:place] + condition.parts[place + 1 :]
        yield others[0] if len(others) == 1 else replace(condition, parts=others)
        for mutant in mutants(part):
            yield replace(condition, parts=(*condition.parts[:place], mutant, *condition.parts[place + 1 :]))


def test_every_condition_of_the_rule_book_is_read_by_hand() -> None:
    written = {row["id"] for row in yaml.safe_load((Path(__file__).parent / "rulebook.yaml").read_text())}
    assert {name for name in DECLARED if name.partition(":")[0] in written} == BY_HAND.keys()


@pytest.mark.parametrize("name", BY_HAND)
def test_the_book_says_what_was_read_by_hand(name: str) -> None:
    kind = BOOK[name.partition(":")[0]].looks_at
    found = {True: 0, False: 0}
    for values in facts(name):
        expected = read_by_hand(name, values)
        assert DECLARED[name].evaluate(values) is expected, kind.as_mapping(values)
        found[expected] += 1
    assert all(found.values()), "the facts must show it both ways"


def test_every_mutant_is_noticed(capsys: pytest.CaptureFixture[str]) -> None:
    noticed, survived = 0, []
    for name in BY_HAND:
        judged = [(values, read_by_hand(name, values)) for values in facts(name)]
        for mutant in mutants_of(name):
            if any(mutant.evaluate(values) is not expected for values, expected in judged):
                noticed += 1
            else:
                survived.append(f"{name}: {mutant.words()}")
    with capsys.disabled():
        print(f"\nmutants of {len(BY_HAND)} conditions: {noticed} of {noticed + len(survived)} noticed")
    assert noticed > 500
    assert survived == []
