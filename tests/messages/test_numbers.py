"""Phone numbers: which can be one, and how they are dialled from anywhere. Numbers of Ofcom's ranges for drama."""

import pytest
from pydantic import ValidationError

from offsite.casework.command import commands
from offsite.messages.numbers import dialled, possible


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("07700 900123", "+447700900123"),
        ("(01632) 960-001", "+441632960001"),
        ("+44 (0)7700 900123", "+447700900123"),
        ("0044 7700 900123", "+447700900123"),
        ("+353 20 910 0001", "+353209100001"),
        ("960 0001", None),
        ("01632 960001 ext 12", None),
        ("01632 960001 x12", None),
        (None, None),
        ("", None),
    ],
)
def test_a_number_is_dialled_from_anywhere_or_not_at_all(written, expected):
    assert dialled(written) == expected


@pytest.mark.parametrize("written", ["960 0001", "01632 960001 ext 12", "+44 (0)7700 900123", "123456789012345"])
def test_what_people_write_can_be_a_number(written):
    assert possible(written)


@pytest.mark.parametrize(
    "written", ["", "none", "99960", "ask the office", "07700 90O123", "1234567890123456", "dsl@x.example"]
)
def test_what_cannot_be_a_number_is_refused_with_what_is_allowed(written):
    assert not possible(written)
    fields = {"id": "dsl2", "roles": ["dsl"], "name": "Invented", "phone": written or " "}
    with pytest.raises(ValidationError, match="no phone number; allowed: 7 to 15 digits" if written else "at least 1"):
        commands()["add_person"].model_validate(fields)


def test_a_number_on_record_is_not_asked_again(hilltop):
    """An older version took anything: such a person's roles may still be changed."""
    from sqlalchemy import update

    from models.people import PersonDetails

    with hilltop.database.writing() as session:
        session.execute(update(PersonDetails).values(phone="ask the office"))
    hilltop.do("change_person", "2026-11-02 09:00", person="att1", roles=["attendance", "senco", "clerk"])
    assert {p.phone for p, _ in hilltop.school().people_on(hilltop.school().half_terms[0].first)} == {"ask the office"}
