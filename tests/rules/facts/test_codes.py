"""A mark that is passed over could have raised nothing, whatever else is recorded."""

import itertools

from offsite.case.case import MarkRow
from rules.book import BOOK
from rules.facts.attendance.codes import AT_THE_PROVIDER, HomeCodeFacts, _Placed, passed_over

LOOKING = [rule for rule in BOOK.values() if rule.looks_at is HomeCodeFacts]
BOTH = (False, True)


def every_mark():
    for code, *flags in itertools.product(AT_THE_PROVIDER, *[BOTH] * 4):
        remote, activity, approved, supervised = flags
        yield MarkRow(1, 1, code, False, remote, activity, None, approved, supervised)


def test_what_is_passed_over_loses_no_finding():
    passed = 0
    for mark, placed in itertools.product(every_mark(), itertools.starmap(_Placed, itertools.product(*[BOTH] * 5))):
        if not passed_over(mark, placed):
            continue
        passed += 1
        for due_there, provider_marked, absent_there, day_over in itertools.product(*[BOTH] * 4):
            values = HomeCodeFacts.values(
                code=mark.code, activity=mark.activity, remote=mark.remote or placed.remote,
                approved=mark.approved or placed.approved, supervised=mark.supervised or placed.supervised,
                school=placed.school, registered=placed.registered, due_there=due_there, provider_marked=provider_marked,
                absent_there=absent_there, day_over=day_over,
            )  # fmt: skip
            assert not [rule.id for rule in LOOKING if rule.when.evaluate(values)], (mark, placed)
    assert passed > 100


def test_a_mark_with_something_wrong_is_not_passed_over():
    good = MarkRow(1, 1, "B", False, False, True, None, True, True)
    nothing = _Placed(school=False, registered=False, approved=False, supervised=False, remote=False)
    assert passed_over(good, nothing)
    assert not passed_over(good._replace(activity=False), nothing)
    assert not passed_over(good._replace(remote=True), nothing)
    assert not passed_over(good._replace(approved=False), nothing)
    assert not passed_over(good._replace(supervised=False), nothing)
    assert not passed_over(good, nothing._replace(school=True, registered=True))
    assert not passed_over(good._replace(code="D"), nothing)
