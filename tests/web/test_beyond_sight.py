"""What is beyond somebody's sight is not to be worked out: from a count, an order, a filter, a list of choices or a refusal."""

import pytest

AT_WORKSHOP = ("K7QD-31", "C4WN-52", "H8JE-66", "Q2ZN-90")
"""The live placements there. Of all placements H8JE-66 alone is reviewed at the next meeting."""
PEOPLE = ("dsl1", "ddsl1", "head1", "clerk1", "att1", "senco1", "Invented Person")


def say(pages, ref, command, **fields):
    return pages.api(ref).post(f"/api/do/{command}", json={"fields": fields})


def done(pages, ref, command, **fields):
    answer = say(pages, ref, command, **fields)
    assert answer.status_code == 201, answer.text


def listed(pages, ref, asked=""):
    return [row["placement"] for row in pages.api(ref).get(f"/api/placements?{asked}").json()["rows"]]


def enter(pages, ref, *roles, **more):
    done(pages, "head1", "add_person", id=ref, roles=roles, name=f"Invented {ref}", email=f"{ref}@invented.example", **more)
    return ref


@pytest.fixture(scope="module")
def governor_too(pages):
    """A data protection officer, of all placements, who is also a governor, of the next meeting's."""
    return enter(pages, "govdp", "governors", "data_protection")


# -- counts


def test_too_few_pupils_without_a_plan_are_hidden_and_cannot_be_had_by_subtraction(pages):
    """domain.md 9: pupils with a plan by name, all others as counts. Five at one provider are given a plan one by one."""
    done(pages, "dsl1", "add_pupil", id="u99", name="Invented Pupil 99")
    done(pages, "dsl1", "propose_placement", placement="N5XX-05", pupil="u99", provider="workshop", reasons="invented", days=20,
         purpose="improve_behaviour", start="2026-12-07", sessions="full_time", tried=["invented"])  # fmt: skip

    def told():
        [row] = [row for row in pages.api("la1").get("/api/counts").json() if row["provider"] == "Invented Workshop"]
        return row["placements"], row["sessions_possible"]

    found = [told()]
    for ref in (*AT_WORKSHOP, "N5XX-05"):
        pupil = pages.api("dsl1").get(f"/api/placements/{ref}").json()["pupil"]
        done(pages, "dsl1", "change_pupil", pupil=pupil, ehc_plan=True)
        found.append(told())
    assert found == [(5, 110), *[(None, None)] * 4, (0, 0)]
    assert set(AT_WORKSHOP) < set(listed(pages, "la1"))
