"""The words of the pages: what areas, commands, fields and choices are called. The field's own terms (domain.md, 1)."""

from typing import get_args

from offsite.casework.commands.fields import Role
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
    "set_up_school": ("Enter the school", "The school was entered"),
    "mark": ("Mark the register", "The mark was entered"),
    "correct": ("Correct a wrong entry", "The entry was corrected; both are kept"),
}

FIELDS: dict[str, str] = {
    "to": "To whom",
    "method": "How",
    "omit": "What it leaves out",
    "days": "Number of school days",
    "until": "Until which day",
    "meets": "When it meets",
    "with": "With whom",
    "reached": "Was anybody reached",
    "from": "From whom",
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
    "text": "What you saw, heard or were told",
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
    "by": "By when",
    "return_on": "Day of return",
    "key_adult": "Key adult",
    "valid_until": "Valid until",
    "kind": "Kind",
    "urn": "URN",
    "ukprn": "UKPRN",
    "upn": "UPN",
    "learned_on": "Day the school learned of it",
    "first": "First day",
    "last": "Last day",
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
    "review_on": "Review points",
    "step_back": "Step-back rule",
    "part_time_agreed_on": "Day the parent agreed to part-time",
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

FIELDS_OF: dict[tuple[str, str], str] = {
    ("word_letters", "text"): "The words",
    ("word_letters", "block"): "Which part",
}
"""By command and field, where one command calls a field otherwise."""

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
    """What a field is called, in one command or in all."""
    return FIELDS_OF.get((command, name)) or FIELDS.get(name, name.replace("_", " ").capitalize())
