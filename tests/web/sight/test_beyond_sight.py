"""What is beyond somebody's sight is not to be worked out: from a count, an order, a filter, a list of choices or a refusal."""

import pytest
from sqlalchemy import select

from models.people import PersonDetails
from offsite.casework.replay.scenario import moment

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


# -- filters and orders


@pytest.mark.parametrize("asked", ["provider=workshop", "overdue=true"])
def test_a_filter_finds_nothing_by_what_is_not_shown(pages, asked):
    assert listed(pages, "dsl1", asked)
    assert listed(pages, "dp1", asked) == []


def test_a_filter_finds_what_one_of_several_roles_is_shown(pages, governor_too):
    assert "H8JE-66" not in listed(pages, "dp1", "provider=workshop")
    assert listed(pages, governor_too, "provider=workshop") == ["H8JE-66"]


@pytest.mark.parametrize(("ref", "column"), [("dp1", "next_due"), ("dp1", "breached"), ("dp1", "start"), ("dp1", "attendance"),
                                             ("clerk1", "attendance")])  # fmt: skip
def test_an_order_tells_nothing_that_is_not_shown(pages, ref, column):
    assert listed(pages, "dsl1", f"sort={column}") != listed(pages, "dsl1", f"sort=-{column}")
    assert listed(pages, ref, f"sort={column}") == listed(pages, ref, f"sort=-{column}") == listed(pages, ref)


def test_a_list_in_its_own_order_tells_nothing_of_duties_to_whom_none_are_shown(pages):
    as_entered = ["K7QD-31", "M2VA-84", "R9TH-07", "C4WN-52"]
    assert listed(pages, "dp1")[:4] == as_entered != listed(pages, "dsl1")[:4]


@pytest.mark.parametrize(("ref", "offered"), [
    ("dsl1", {"overdue", "next_due", "attendance"}), ("clerk1", {"overdue", "next_due"}), ("dp1", set()),
])  # fmt: skip
def test_a_page_offers_no_filter_and_no_order_by_what_is_not_shown(pages, ref, offered):
    shown = pages.as_(ref).get("/placements").text
    marks = {"overdue": 'name="overdue"', "next_due": "sort=next_due", "attendance": "sort=attendance"}
    assert {name for name, mark in marks.items() if mark in shown} == offered


# -- names


def test_a_role_that_sees_some_placements_gives_no_names_of_the_others(pages, governor_too):
    who = pages.as_(governor_too)
    assert "u05" in who.get("/pupils.csv").text and "Invented Pupil" not in who.get("/pupils.csv").text
    assert listed(pages, governor_too, "q=pupil 5") == ["H8JE-66"]
    assert listed(pages, governor_too, "q=pupil 7") == [] != listed(pages, "dsl1", "q=pupil 7")


def test_search_and_the_register_name_pupils_where_a_role_sees_them(pages):
    both = enter(pages, "provdp", "provider", provider="workshop")
    with pages.here.database.writing() as session:  # as it may be on record: nobody is given both any more
        of_both = PersonDetails.person_id == pages.person(session, both).id
        session.scalars(select(PersonDetails).where(of_both)).one().roles = ["provider", "data_protection"]

    def found(letters):
        return [hit["words"] for hit in pages.api(both).get(f"/api/search?q={letters}").json()]

    assert found("pupil 5") == ["Invented Pupil 5 (H8JE-66)"]
    assert found("pupil 7") == [] and found("T6MG") == ["T6MG-45"]
    assert "Invented Pupil 5" in pages.as_(both).get("/provider").text
    assert "Invented Pupil 7" not in pages.as_(both).get("/provider").text


# -- providers


def test_a_governor_knows_the_providers_of_the_next_meeting(pages):
    governor = pages.api("gov1")
    assert [(p["ref"], p["live"]) for p in governor.get("/api/providers").json()] == [("workshop", 1)]
    assert governor.get("/api/providers/workshop").json()["checks"]
    assert governor.get("/api/providers/tuition").json() == governor.get("/api/providers/none").json()
    offered = pages.as_("gov1").get("/do/raise_concern").text
    assert "Invented Workshop" in offered and "Invented Tuition" not in offered


def test_checks_are_shown_of_those_providers_alone_whose_placements_are_seen_so_far(pages):
    """A clerk sees no checks; as a governor, those of the next meeting's provider."""
    both = enter(pages, "govclerk", "governors", "clerk")
    shown = {row["ref"]: row["missing"] for row in pages.api(both).get("/api/providers").json()}
    assert shown == {"workshop": [], "tuition": None, "college": None, "pru": None}
    assert pages.api(both).get("/api/providers/tuition").json()["checks"] is None


def test_an_authority_may_raise_a_concern_about_any_provider_it_is_told_the_numbers_of(pages):
    assert "Invented Tuition" in pages.as_("la1").get("/do/raise_concern").text


# -- refusals and choices


@pytest.mark.parametrize(("command", "fields"), [
    ("hold_review", {"attended": ["provider"]}),
    ("decide", {"decision": "continue", "until": "2026-12-18", "reasons": "invented", "views_considered": ["provider"]}),
])  # fmt: skip
def test_a_review_out_of_sight_is_refused_as_one_that_is_not_on_record(pages, command, fields):
    unseen, unknown = (say(pages, "gov1", command, review=review, **fields) for review in ("V5RC-73-r2", "nope"))
    assert unseen.status_code == unknown.status_code == 404
    assert unseen.json()["why"].replace("V5RC-73-r2", "") == unknown.json()["why"].replace("nope", "")
    assert not any(ref in unknown.text for ref in ("C4WN", "D3PX", "V5RC"))


def test_a_placement_out_of_sight_is_refused_as_one_that_is_not_on_record(pages):
    unseen, unknown = (say(pages, "gov1", "determine", placement=placement) for placement in ("V5RC-73", "nope"))
    assert unseen.status_code == unknown.status_code == 404
    assert unseen.json()["why"].replace("V5RC-73", "") == unknown.json()["why"].replace("nope", "")


@pytest.mark.parametrize("against", ["nope", "provider=nope"])
@pytest.mark.parametrize("ref", ["gov1", "la1", "prov1"])
def test_an_unknown_name_is_refused_without_those_that_are_known(pages, ref, against):
    about = {"provider": "nope"} if "provider" in against else {"provider": "workshop", "against": against}
    told = say(pages, ref, "raise_concern", concern="none", kind="concern", about="provider", text="invented", **about)
    assert told.status_code == 404
    assert not any(name in told.text for name in (*PEOPLE, "tuition", "college"))


def test_whoever_sees_every_placement_is_told_which_names_are_known(pages):
    told = say(pages, "head1", "raise_concern", concern="none", kind="concern", about="provider", provider="tuitoin")
    assert told.status_code == 422 and "on record: tuition" in told.text


def test_a_provider_hands_an_alert_over_to_a_role_and_is_shown_nobody(pages):
    [alert, *_] = pages.api("prov1").get("/api/alerts").json()["rows"]
    form, whole = (pages.as_(ref).get(f"/do/hand_over?alert={alert['alert']}").text for ref in ("prov1", "dsl1"))
    assert "Invented Person One" in whole and not any(name in form.split("<main")[1] for name in PEOPLE)
    assert "designated safeguarding lead" in form
    named = {"rule": alert["rule"], "placement": alert["placement"], "subject": alert["subject"]}
    unknown = say(pages, "prov1", "hand_over", **named, to="nope")
    assert unknown.status_code == 422 and not any(name in unknown.text for name in PEOPLE)
    done(pages, "prov1", "hand_over", **named, to="dsl")
    [shown] = pages.api("dsl1").get(f"/api/alerts?q={alert['alert']}").json()["rows"]
    assert shown["taken_by"] == "dsl"


# -- concerns


def raised(pages, name, against, placement="V5RC-73"):
    done(pages, "dsl1", "raise_concern", placement=placement, concern=name, kind="allegation", about="placement",
         against=against, text="invented")  # fmt: skip
    return name


NOT_REFERRED = {"decision": "not_referred", "reasons": "invented"}


@pytest.mark.parametrize("placement", ["V5RC-73", "H8JE-66"])
def test_an_allegation_against_another_than_the_head_is_not_the_chairs(pages, placement):
    name = raised(pages, f"not-head-{placement}", "prov1", placement)
    theirs = say(pages, "gov1", "refer_to_lado", concern=name, **NOT_REFERRED)
    unknown = say(pages, "gov1", "refer_to_lado", concern="none", **NOT_REFERRED)
    assert theirs.status_code == unknown.status_code == 404
    assert theirs.json()["why"].replace(name, "") == unknown.json()["why"].replace("none", "")
    assert pages.as_("gov1").get(f"/do/refer_to_lado?concern={name}").status_code == 404
    done(pages, "ddsl1", "refer_to_lado", concern=name, **NOT_REFERRED)


@pytest.mark.parametrize("against", ["head", "head1"])
def test_against_the_head_the_chair_takes_the_heads_place_in_whatever_placement(pages, against):
    name = raised(pages, f"against-{against}", against)
    form = pages.as_("gov1").get(f"/do/refer_to_lado?concern={name}")
    assert form.status_code == 200 and "V5RC-73" not in form.text
    done(pages, "gov1", "refer_to_lado", concern=name, **NOT_REFERRED)


def test_readiness_counts_no_concern_against_who_looks(pages):
    def ready(ref):
        return {row["placement"]: row["ready"] for row in pages.api(ref).get("/api/plans").json()["rows"]}["R9TH-07"]

    before = ready("senco1")
    raised(pages, "against-senco", "senco1", "R9TH-07")
    assert ready("senco1") == before == [1, 6]
    raised(pages, "against-att", "att1", "R9TH-07")
    assert ready("senco1") == [0, 6]


def test_a_safeguarding_lead_reads_in_a_pack_of_no_concern_against_them(pages):
    """Not even as a figure: the criterion on concerns counts those that are told."""
    pack = "/placements/H8JE-66/reviews/H8JE-66-r1/documents/safeguarding_pack"

    def figure(ref):
        text = pages.as_(ref).get(pack).text
        return text[: text.index(" concerns open")].rpartition(">")[2]

    before = int(figure("dsl1"))
    raised(pages, "against-deputy", "ddsl1", "H8JE-66")
    assert (int(figure("ddsl1")), int(figure("dsl1"))) == (before, before + 1)


# -- the day of the meeting


def test_the_chair_decides_on_the_day_of_the_meeting_and_sees_no_more_of_it_then(pages):
    """Held, a review is no longer set for a meeting; it is theirs until it is decided (domain.md 9: governor at a review)."""
    pages.clock.at = moment("2026-12-03 17:30")
    assert pages.as_("gov1").get("/placements/H8JE-66").status_code == 200
    done(pages, "gov1", "hold_review", review="H8JE-66-r1", attended=["head"])
    assert listed(pages, "gov1") == ["H8JE-66"]
    assert pages.as_("gov1").get("/do/decide?review=H8JE-66-r1").status_code == 200
    done(pages, "gov1", "decide", review="H8JE-66-r1", decision="continue", days=20, reasons="invented")
    assert "H8JE-66" not in listed(pages, "gov1"), "the next meeting is another one"
    assert pages.as_("gov1").get("/placements/H8JE-66").status_code == 404
