"""The words of the pages: what areas, commands, fields and choices are called. The field's own terms (domain.md, 1)."""

from typing import get_args

from offsite.casework.commands.fields import Role
from offsite.web.labels import CHOICES, CHOSEN, HINTS, LABELS
from rules.rule import ROLES

AREA_WORDS = {
    "dsl": "Safeguarding",
    "clerk": "Clerk's calendar",
    "head": "Overview",
    "governor": "Next meeting",
    "senco": "Plans",
    "attendance": "Registers",
    "provider": "Today",
    "authority": "Authority",
    "placements": "Placements",
    "alerts": "Alerts",
}

COMMANDS: dict[str, tuple[str, str]] = {
    # command: what the form is called, what was done
    "propose_placement": ("Propose a placement", "The placement was proposed"),
    "serve_notice": ("Record that the notice was given", "The notice was recorded as given"),
    "determine": ("Record the determination", "The determination was recorded"),
    "schedule_review": ("Set a review", "The review was set"),
    "invite": ("Record that invitations were sent", "The invitations were recorded as sent"),
    "build_pack": ("Build the pack for the governors", "The pack was built, and filed for the governors"),
    "hold_review": ("Record that the review was held", "The review was recorded as held"),
    "decide": ("Record the decision", "The decision was recorded"),
    "notify_outcome": ("Record that the outcome was sent", "The outcome was recorded as sent"),
    "raise_concern": ("Raise a concern", "The concern was raised"),
    "acknowledge": ("Acknowledge the alert", "You acknowledged the alert; it stays open"),
    "take": ("Act: say what you will do next", "You took the alert; it stays open"),
    "hand_over": ("Hand the alert over", "The alert was handed over; it stays open"),
    "resolve": ("Close the alert", "The alert was closed"),
    "mark_not_useful": ("Say that the alert was not useful", "Your reason was kept; the alert stays open"),
    "start": ("Record the start", "The start was recorded"),
    "close": ("Close the placement", "The placement was closed"),
    "close_day": ("Close a day", "The day was closed"),
    "break_glass": ("Open a placement that is not yours to see", "The placement is open to you for an hour"),
    "word_letters": ("Word the school's letters", "The wording was kept"),
    "cover": ("Say who covers a role", "The cover was recorded"),
    "set_up_school": ("Details of the school: terms, sessions, closures", "The details of the school were recorded"),
    "mark": ("Mark the register", "The mark was entered"),
    "correct": ("Correct a wrong entry", "The entry was corrected; both are kept"),
    "accept_change": ("Decide on a provider's change", "The decision on the change was recorded"),
    "add_person": ("Enter a person", "The person was entered"),
    "add_provider": ("Enter a provider", "The provider was entered"),
    "add_pupil": ("Enter a pupil", "The pupil was entered"),
    "agree_plan": ("Record the agreed plan", "The plan was recorded"),
    "amend_decision": ("Amend the decision", "The decision was amended; the earlier one is kept"),
    "amend_mark": ("Amend a mark", "The mark was amended; the original is kept"),
    "assess_objective": ("Assess an objective", "The assessment was recorded"),
    "assess_readiness": ("Record how ready the pupil is", "The assessment was recorded"),
    "assess_risk": ("Record the risk assessment", "The risk assessment was recorded"),
    "begin_return": ("Record that the return began", "The return was recorded as begun"),
    "cancel_review": ("Cancel the review", "The review was cancelled"),
    "change_person": ("Change a person's entry", "The person's entry was changed"),
    "change_placement": ("Change where, when or for how long", "The change was recorded"),
    "change_provider": ("Change a provider's entry", "The provider's entry was changed"),
    "change_pupil": ("Change a pupil's circumstances", "The change was recorded"),
    "change_settings": ("Change a setting", "The setting was changed"),
    "close_concern": ("Close the concern", "The concern was closed"),
    "confirm_safeguarding": ("Record the safeguarding confirmation", "The confirmation was recorded"),
    "enter_marks": ("Enter marks from a file", "The marks were entered"),
    "erase_record": ("Erase a record", "The record was erased"),
    "find_child": ("Record that the pupil was found", "The pupil was recorded as found"),
    "keep_record": ("Keep a record past its day", "The record is kept"),
    "lift_hold": ("Lift the safeguarding hold", "The hold was lifted"),
    "marks": ("Mark several days", "The marks were entered"),
    "move_review": ("Move the review", "The review was moved"),
    "nominate": ("Nominate the board's representative", "The nomination was recorded"),
    "plan_return": ("Plan the return", "The plan of the return was recorded"),
    "provider_change": ("Tell of a change at the provider", "The change was recorded"),
    "put_on_hold": ("Put on a safeguarding hold", "The placement is on hold"),
    "receive_views": ("Record that views arrived", "The views were recorded"),
    "record_check": ("Record a check of the provider", "The check was recorded"),
    "record_consultation": ("Record a consultation", "The consultation was recorded"),
    "record_contact": ("Record a contact", "The contact was recorded"),
    "record_partnership": ("Record the working partnership", "The partnership was recorded"),
    "record_return_check": ("Record a check after the return", "The check was recorded"),
    "record_statutory_step": ("Record a return or step the law asks for", "The step was recorded"),
    "record_visit": ("Record a visit", "The visit was recorded"),
    "refer_to_lado": ("Record the referral to the LADO", "The decision on the referral was recorded"),
    "register_at_provider": ("Record the registration at the receiving school", "The registration was recorded"),
    "reply_to_request": ("Record the answer to a request", "The answer was recorded"),
    "report_progress": ("Report progress", "The report was recorded"),
    "request_readiness": ("Request readiness assessment", "The readiness assessment was asked for"),
    "request_review": ("Record a request for a review", "The request was recorded"),
    "review_safety": ("Record the safety review", "The safety review was recorded"),
    "step_back": ("Record a step back", "The step back was recorded"),
    "triage_concern": ("Triage the concern", "The triage was recorded"),
    "withdraw": ("Withdraw the placement", "The placement was withdrawn"),
}

FIELDS: dict[str, str] = {
    "method": "How",
    "omit": "What it leaves out",
    "days": "Number of school days",
    "until": "Until which day",
    "meets": "When it meets",
    "reached": "Was anybody reached",
    "strike_out": "Struck out",
    "decision": "What was decided",
    "reasons": "Reasons",
    "reason": "Reason",
    "report": "Final report",
    "born": "Date of birth",
    "next_step": "What you will do next",
    "due": "By when",
    "tried": "What was tried in school",
    "not_appropriate": "Why nothing could be tried in school",
    "purpose": "Purpose",
    "start": "First school day off-site",
    "sessions": "Sessions",
    "home_sessions": "Sessions at the home school",
    "report_to": "Person to report to",
    "approved_by": "Approved by",
    "supervised_by": "Supervised by",
    "about": "What it is about",
    "against": "Against whom, if anyone",
    "views_considered": "Whose views were considered",
    "attended": "Who came",
    "happened": "When it happened",
    "representative": "The board's representative",
    "was_head_until": "Head here until",
    "head": "Is the head",
    "authority_employee": "Works for the maintaining authority",
    "connected": "Has a connection that casts doubt on impartiality",
    "minute": "Minute",
    "name": "Name",
    "return_on": "Day of return",
    "key_adult": "Key adult",
    "valid_until": "Valid until",
    "urn": "URN",
    "ukprn": "UKPRN",
    "upn": "UPN",
    "learned_on": "Day the school learned of it",
    "place": "Where it meets",
    "said": "What they said",
    "summary": "Summary for head and governors",
    "transport": "Getting there",
    "meals": "Meals",
    "sites_seen": "Sites seen",
    "pupil_seen": "Pupil seen and heard",
    "staff_met": "Staff met",
    "central_record": "Single central record sampled",
    "teaching": "Teaching seen",
    "behaviour": "Behaviour seen",
    "registers": "Registers looked at",
    "worked": "What worked off-site",
    "risk": "Risk plan",
    "review_on": "Review point",
    "closed": "Closed day",
    "missing_episodes": "Missing episode",
    "step_back": "Step-back rule",
    "part_time_agreed_on": "Day the parent agreed to part-time",
    "actions": "Actions agreed",
    "activity": "Nature of the activity",
    "address": "Address",
    "child_in_need": "Child in need",
    "child_protection_plan": "Child protection plan",
    "contact.email": "E-mail address",
    "contact.name": "Name",
    "contact.phone": "Telephone",
    "cutoff_minutes": "Minutes after a session starts by which its marks are due",
    "declared": "What the provider declares",
    "declared.full_time": "Pupils there full-time",
    "declared.full_time_ehc_or_looked_after": "Of these, with an EHC plan or looked after",
    "ehc_plan": "EHC plan",
    "email": "E-mail address",
    "exploitation": "At risk of exploitation",
    "looked_after": "Looked after",
    "phone": "Telephone",
    "safeguarding_confirmation.status": "How it stands",
    "safeguarding_confirmation": "Written safeguarding confirmation",
    "setting_type": "Type of setting, for the school census",
    "sites": "Site",
    "sites.id": "Short reference",
    "social_worker": "Has a social worker",
}

CHECK_ITEMS: dict[str, str] = {
    "a": "experience",
    "b": "staffing and DBS level",
    "c": "safeguarding protocol",
    "d": "business continuity plan",
    "e": "financial viability",
    "f": "referral process",
    "g": "adaptability",
    "h": "engagement metrics: attendance, involvement, achievement",
    "i": "pathways for transition",
    "j": "monitoring of outcomes",
    "k": "communication with the pupil's organisations",
    "l": "reporting to stakeholders",
    "m": "contract meetings",
    "n": "written confirmation that safeguarding checks were made on everyone who works there",
    "o": "undertaking to tell of changes that may put a child at risk",
    "p": "address of every site, satellites and subcontractors too",
}
"""The provider's checks (domain.md, 7)."""
CHOICES["record_check.item"] = {item: f"{item}: {words}" for item, words in CHECK_ITEMS.items()}

CHANNELS = {"email": "e-mail", "phone": "the phone list", "text": "text", "call": "phone call"}
"""Channels by which messages leave."""

WORDS: dict[str, str] = {
    "am": "morning",
    "pm": "afternoon",
    "email": "by e-mail",
    "hand": "by hand",
    "post": "by first-class post",
    "portal": "through the portal",
    "ehc_plan": "EHC plan",
    "not_met": "not met",
    "cannot_tell": "cannot tell",
    "senco": "SENCO",
    "pru": "pupil referral unit",
    "ap_academy": "alternative provision academy",
    "fe_college": "further education college",
    "non_school": "other provider that is not a school",
    "NFE": "not further education",
    "OOT": "one-to-one tuition",
    "OTH": "other",
    "WBP": "work-based placement",
    "improve_behaviour": "to improve behaviour",
    "sanction": "as a sanction",
    "not_owed": "not owed",
    "letterhead": "letterhead: under the school's name, on every document",
    "transport": "getting there, where a placement says nothing of its own",
    "meals": "meals, where a placement says nothing of its own",
    "meeting_place": "where reviews meet, where a review says nothing of its own",
    "advice": "the local advice service, with its telephone",
    "closing": "before the signature of every letter",
    "signature": "name and office of who signs",
    "setup": "Setting up",
    "objectives": "Objectives",
    "review": "Under review",
    "reintegration": "Reintegration",
    "closed": "Closed",
    **{role: ROLES[role] for role in get_args(Role) if role in ROLES},
}


def word_for(value: object) -> str:
    """A stored word as people read it."""
    text = str(value)
    return WORDS.get(text, text.replace("_", " "))


def command_words(name: str) -> str:
    """What a command is called."""
    return COMMANDS[name][0] if name in COMMANDS else name.replace("_", " ").capitalize()


def done_words(name: str) -> str:
    """What is said once a command is done."""
    return COMMANDS[name][1] if name in COMMANDS else f"Recorded: {name.replace('_', ' ')}"


def field_words(name: str, command: str = "") -> str:
    """What a field is called, in one command or in all; one within another stands after a dot: `objectives.by`."""
    own = LABELS.get(command, {}).get(name) or FIELDS.get(name)
    last = name.rpartition(".")[2]
    return own or FIELDS.get(last) or last.replace("_", " ").capitalize()


def hint_words(name: str, command: str, described: str) -> str:
    """The hint beneath a field: the command's own description, unless another is given or the label says as much."""
    return HINTS.get(command, {}).get(name, "" if described.casefold() in field_words(name, command).casefold() else described)


def choice_words(value: str, name: str, command: str) -> str:
    """A stored word as people choose it in a field: a role where roles are chosen, there alone."""
    if name in ("role", "roles"):
        return word_for(value)
    return CHOICES.get(f"{command}.{name}", {}).get(value) or CHOSEN.get(value) or word_for(value)
