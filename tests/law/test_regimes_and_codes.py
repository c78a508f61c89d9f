"""Which law bound whom on which day; which codes were in force; every parameter with its unit, source and evidence."""

from datetime import date

import pytest

from offsite.law import parameters, regimes
from offsite.law.codes import CodeNotInForce, code_on


@pytest.mark.parametrize(
    ("day", "regime"),
    [
        (date(2010, 8, 31), None), (date(2010, 9, 1), "osd-2010"), (date(2012, 12, 31), "osd-2010"),
        (date(2013, 1, 1), "osd-2013"), (date(2026, 7, 25), "osd-2013"), (date(2026, 7, 26), "osd-2026"),
    ],
)  # fmt: skip
def test_regimes_at_their_borders(day, regime):
    assert regimes.regime_on(day) == regime


@pytest.mark.parametrize("kind", regimes.SCHOOL_KINDS)
def test_whom_the_law_bound_before_and_from_26_july_2026(kind):
    assert regimes.binds(kind, date(2026, 7, 25)) is (kind in ("maintained", "special"))
    assert regimes.binds(kind, date(2026, 7, 26))
    assert regimes.authority_for(kind, date(2026, 7, 25), "attendance") == "law"


def test_an_academys_placement_that_runs_over_the_border_is_transitional():
    before, border = date(2026, 7, 1), date(2026, 7, 26)
    assert not regimes.transitional("academy", before, date(2026, 7, 25), None)
    assert regimes.transitional("academy", before, border, None)
    assert not regimes.transitional("academy", border, border, None)
    assert not regimes.transitional("maintained", before, border, None)


def test_codes_change_on_19_august_2024():
    assert code_on("H", date(2024, 8, 18)).klass == "AA"
    with pytest.raises(CodeNotInForce, match=r"H.*not in force on 19 August 2024"):
        code_on("H", date(2024, 8, 19))
    with pytest.raises(CodeNotInForce):
        code_on("Y1", date(2024, 8, 18))
    assert code_on("Y1", date(2024, 8, 19)).klass == "X"


@pytest.mark.parametrize("key", parameters.keys())
def test_every_parameter_has_unit_source_and_evidence(key):
    found = parameters.parameter(key, date(2012, 12, 31) if key == "longest_review_interval" else date(2026, 11, 24))
    assert found.unit
    assert found.source
    assert found.evidence in ("read", "reported", "recalled")


def test_a_duty_that_ended_says_so():
    assert parameters.parameter("longest_review_interval", date(2012, 12, 31)).value == 30
    with pytest.raises(parameters.NotInForce, match="ended on 1 January 2013"):
        parameters.parameter("longest_review_interval", date(2013, 1, 1))


def test_a_setting_may_be_stricter_than_the_law_never_laxer():
    assert parameters.SETTINGS["persistent"].checked(8) == 8
    with pytest.raises(parameters.LooserThanLaw, match="Working together"):
        parameters.SETTINGS["persistent"].checked(11)


@pytest.mark.parametrize("key", [key for key, found in parameters.SETTINGS.items() if found.allowed is None])
def test_no_setting_goes_so_far_that_its_safeguard_is_as_good_as_off(key):
    found = parameters.SETTINGS[key]
    assert found.checked(found.default) == found.default
    lowest = [0] * len(found.most) if isinstance(found.most, list) else found.least - 1
    highest = [n + 1 for n in found.most] if isinstance(found.most, list) else found.most + 1
    for value in (lowest, highest):
        with pytest.raises((ValueError, parameters.LooserThanLaw), match=key):
            found.checked(value)


@pytest.mark.parametrize("value", [[30, 15], [15], 15, [15, 30, 45], "15", [True, 30]])
def test_of_two_times_the_later_comes_second(value):
    with pytest.raises(ValueError, match="each more than the one before, up to 60 and 120"):
        parameters.SETTINGS["untold_minutes"].checked(value)
