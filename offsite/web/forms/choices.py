"""What may be chosen where a field names something on record, and short names for what is new."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from models.provider import Provider, ProviderDetails
from models.pupil import Pupil, PupilDetails
from offsite.access.deeds import OUTSIDERS
from offsite.access.providers import known_to
from offsite.access.sight import NOTHING, Facts
from offsite.case.case import Case
from offsite.case.direction.plans import agreed_plan, objectives
from offsite.case.direction.readiness import CRITERIA, criteria
from offsite.case.direction.recipients import AUTHORITY, HEAD, PROVIDER, PUPIL, REPRESENTATIVE
from offsite.case.loading import load_cases
from offsite.views.safeguarding.alerts import receivers
from offsite.views.school.registers import own_pupils
from offsite.web.forms.controls import NOT_HERE, Choice
from offsite.web.visit import Visit
from offsite.web.wording import choice_words, word_for
from rules.rule import ROLES

ALPHABET = "23456789ACDEFGHJKMNPQRTVWXYZ"
"""Signs that are not mistaken for one another."""
MOST_OFFERED = 200
"""Of a provider's own pupils."""
Offered = Callable[[Visit], list[Choice]]
ABOUT_A_PUPIL = ("propose_placement", "change_pupil", "keep_record", "erase_record")
OF_THE_PLAN = ("objective", "objectives")
"""Fields that name what the plan holds: without a plan there is nothing to choose, and nothing to type in its place."""


def choices(visit: Visit, command: str, case: Case | None, fixed: Sequence[str]) -> dict[str, list[Choice]]:
    """What may be chosen in a command's form, by field; fields that are fixed already need none."""
    found = {name: offered(visit) for name, offered in _of_school(visit, command).items() if name not in fixed}
    if case is not None:
        found.update(_of_case(command, case, visit))
    return {name: offered for name, offered in found.items() if name not in fixed and (offered or name in OF_THE_PLAN)}


def words_of(visit: Visit, command: str, case: Case | None, payload: Mapping[str, Any]) -> dict[str, list[Choice]]:
    """The words of what was chosen in a command's form already, by field; of thousands of pupils that of one is read."""
    pupil = payload.get("pupil")
    named = {"pupil": _pupils(visit, pupil)} if isinstance(pupil, str) and command in ABOUT_A_PUPIL else {}
    return choices(visit, command, case, ["pupil"]) | named


def _of_school(visit: Visit, command: str) -> dict[str, Offered]:
    found: dict[str, Offered] = {}
    if command in ("cover", "change_person"):
        found["person"] = lambda visit: _people(visit) if visit.who.sees_names else []
    if command == "hand_over":
        found["to"] = _receivers
    if command in ("propose_placement", "raise_concern", "provider_change", "add_person", "change_person", "close_day"):
        found["provider"] = _providers
    if command in ABOUT_A_PUPIL:
        found["pupil"] = _pupils
    if set(visit.who.roles) == {"provider"}:
        found["placement"] = _own_pupils
    if command == "raise_concern":
        found["against"] = _against
    return found


def _own_pupils(visit: Visit) -> list[Choice]:
    own = own_pupils(visit.session, visit.who, MOST_OFFERED).rows
    return [(p.placement, f"{p.pupil_name} ({p.placement})") for p in own]


def _of_case(command: str, case: Case, visit: Visit) -> dict[str, list[Choice]]:
    day = visit.who.today
    parents = [(parent.ref, parent.name) for parent in case.pupil.parents]
    invitees = [("relevant_person", "the parent, or the pupil from the 18th birthday"),
                *((v, word_for(v)) for v in (PROVIDER, HEAD, REPRESENTATIVE, AUTHORITY))]  # fmt: skip
    plan = agreed_plan(case)
    names: list[Choice] = []
    if plan is not None and visit.who.sight(case).facts >= Facts.OBJECTIVES:
        names = [(o.name, visit.texts.open(o.text, case.pupil.id) or o.name) for o in objectives(case, plan)]
    return {
        "serve_notice": {"to": [*parents, (PUPIL, "the pupil"), (AUTHORITY, "the local authority")]},
        "invite": {"to": invitees},
        "notify_outcome": {"to": [i for i in invitees if i[0] not in (HEAD, REPRESENTATIVE)]},
        "hold_review": {"attended": invitees},
        "decide": {"views_considered": invitees},
        "amend_decision": {"views_considered": invitees},
        "assess_objective": {"objective": names},
        "report_progress": {"objectives": names},
        "assess_readiness": {"criteria": _criteria(visit, case)},
        "propose_placement": {"site": [(s.ref, s.address) for s in case.provider.sites.values()]},
        "change_placement": {"site": [(s.ref, s.address) for s in case.provider.sites.values()]},
        "record_visit": {"provider": [(case.provider.ref, case.provider.details_on(day).name)]},
    }.get(command, {})


def _criteria(visit: Visit, case: Case) -> list[Choice]:
    """By what readiness is judged, as the plan says to those who see plans; a criterion of its own is not ours to word."""
    found = criteria(case) if visit.who.sight(case).facts >= Facts.OBJECTIVES else list(CRITERIA)
    own = [(name, visit.texts.open(name, case.pupil.id) or name) for name in found if name not in CRITERIA]
    return [(name, choice_words(name, "criteria", "assess_readiness")) for name in found if name in CRITERIA] + own


def _people(visit: Visit) -> list[Choice]:
    people = visit.who.school.people_on(visit.who.today)
    refs = visit.who.school.person_refs
    return [(refs[p.person_id], f"{p.name} ({', '.join(word_for(r) for r in roles)})") for p, roles in people]


def _against(visit: Visit) -> list[Choice]:
    """Whom a concern may be against: the school's roles; its people by name, for the school's own; somebody with no entry."""
    outside = visit.who.holds(*OUTSIDERS)
    of_school = [(role, words) for role, words in ROLES.items() if role not in OUTSIDERS]
    roles = [(role, f"the {words}" if role != "governors" else "a governor") for role, words in of_school]
    people = [] if outside else _people(visit)
    return [*roles, *people, (NOT_HERE, "somebody without an entry here, named in the text")]


def _receivers(visit: Visit) -> list[Choice]:
    offered = receivers(visit.session, visit.who, visit.text("alert") or visit.request.query_params.get("alert", ""))
    words = {one.to: ", ".join(word_for(role) for role in one.roles) for one in offered}
    return [(one.to, f"{one.name} ({words[one.to]})" if one.name else words[one.to]) for one in offered]


def _providers(visit: Visit) -> list[Choice]:
    newest: dict[str, str] = {}
    wanted = select(Provider.ref, ProviderDetails.name).join(ProviderDetails, ProviderDetails.provider_id == Provider.id)
    wanted = wanted.where(known_to(visit.who))
    if visit.who.holds("provider") and visit.who.provider_id is not None:
        wanted = wanted.where(Provider.id == visit.who.provider_id)
    for row in visit.session.execute(wanted.order_by(ProviderDetails.id)):
        newest[row.ref] = row.name
    return sorted(newest.items(), key=lambda item: item[1])


def _pupils(visit: Visit, only: str | None = None) -> list[Choice]:
    """By name, for those who see names. `only`: the reference of the one that is wanted."""
    newest: dict[str, str] = {}
    wanted = select(Pupil.ref, PupilDetails.name).join(PupilDetails, PupilDetails.pupil_id == Pupil.id)
    if only is not None:
        wanted = wanted.where(Pupil.ref == only)
    for row in visit.session.execute(wanted.where(Pupil.school_id == visit.who.school_id).order_by(PupilDetails.id)):
        newest[row.ref] = row.name if visit.who.sees_names else row.ref
    return sorted(newest.items(), key=lambda item: item[1])


def new_ref(length: int = 6) -> str:
    """A short opaque reference: 4F2A-91."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(length))
    return f"{signs[:4]}-{signs[4:]}"


def case_of(visit: Visit, placement_id: int) -> Case | None:
    """A placement's case, where its viewer sees anything of it."""
    case = load_cases(visit.session, visit.who.school, [placement_id])[0]
    return None if visit.who.sight(case) == NOTHING else case
