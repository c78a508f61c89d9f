"""What a form calls its fields, the hints beneath them, and the choices offered: the field's own terms (domain.md, 1).

A field within another is written after a dot: `objectives.by` of agree_plan is the day an objective is meant to be met.
"""

AMBIGUOUS = frozenset(
    {"attendance", "by", "code", "contact", "day", "first", "from", "id", "kind", "last", "session", "text", "to", "with"}
)
"""Names that mean a person in one command and a day in another, and the like: each command says what it means by them."""

LABELS: dict[str, dict[str, str]] = {
    "accept_change": {"change": "The change", "decision": "Whether it is accepted"},
    "add_person": {
        "id": "Short reference", "roles": "Roles", "provider": "Where they work, if at a provider", "email": "E-mail address",
        "phone": "Telephone",
    },
    "add_provider": {
        "id": "Short reference", "kind": "What kind of provider it is", "contact": "Whom to reach", "sessions": "Session times",
    },
    "add_pupil": {
        "id": "Reference", "year_group": "Year group", "parents": "Parent", "parents.id": "Short reference",
        "parents.address": "Address", "parents.language": "Language to write in",
        "parents.responsibility": "Has parental responsibility", "parents.contact": "May be contacted",
    },
    "agree_plan": {
        "agreed_by": "Who agreed it in writing", "objectives": "Objective", "objectives.id": "Short name",
        "objectives.text": "What is to be achieved", "objectives.measure": "How it is measured",
        "objectives.baseline": "Where the pupil stands now", "objectives.target": "Target", "objectives.by": "By which day",
        "objectives.owner": "Whose it is to see to", "english": "The plan covers English",
        "maths": "The plan covers mathematics", "part_time_agreed": "A part-time timetable (code C2) is agreed",
        "readiness": "How readiness to return is judged",
        "report_every_days": "School days from one progress report to the next",
    },
    "amend_decision": {"days": "For how many school days", "until": "Or until which day"},
    "amend_mark": {
        "session": "Session", "day": "Day of the session", "register": "Whose register",
        "code": "Attendance code, as it should be", "reason": "Why it is amended",
        "activity": "Nature of the activity", "remote": "At home or online",
    },
    "assess_objective": {"objective": "Objective", "result": "How it stands"},
    "assess_readiness": {"criteria": "Criteria", "recommendation": "Recommendation"},
    "break_glass": {"reason": "Why you need to see it"},
    "change_person": {
        "person": "Person", "from": "From which day it holds", "roles": "All roles they then hold", "email": "E-mail address",
        "phone": "Telephone", "provider": "Where they work, if at a provider",
    },
    "change_placement": {
        "site": "Site", "address": "Address", "session_times": "Session times", "sessions": "Sessions at the provider",
        "days": "Number of school days",
    },
    "change_provider": {
        "from": "From which day it holds", "kind": "What kind of provider it is", "contact": "Whom to reach",
        "sessions": "Session times",
    },
    "change_pupil": {"missing_episode": "Day on which the pupil was missing"},
    "change_settings": {"from": "From which day they hold", "settings": "Settings"},
    "close": {"outcome": "How the placement ends"},
    "close_day": {
        "provider": "The provider that is closed", "day": "Which day", "sessions": "Sessions that do not take place",
        "reason": "Why it is closed",
    },
    "confirm_safeguarding": {"status": "How it stands"},
    "correct": {"event": "Entry of the chronology", "fields": "As it should have been", "reason": "Why it was wrong"},
    "cover": {"role": "The role that is covered", "person": "Who stands in", "from": "First day", "to": "Last day"},
    "decide": {"days": "For how many school days", "until": "Or until which day"},
    "enter_marks": {
        "marks": "Mark", "marks.day": "Day of the session", "marks.session": "Session", "marks.register": "Whose register",
        "marks.code": "Attendance code", "marks.activity": "Nature of the activity", "reasons": "Reasons of absence",
    },
    "erase_record": {"class": "Which record", "reason": "Why it is erased"},
    "find_child": {"decision": "What was done"},
    "hand_over": {"to": "To whom"},
    "invite": {"to": "To whom"},
    "keep_record": {"class": "Which record", "reason": "Why it is kept"},
    "lift_hold": {"reason": "Why it is lifted"},
    "mark": {
        "session": "Session", "register": "Whose register", "code": "Attendance code", "day": "Day of the session",
        "activity": "Nature of the activity", "site": "Where the pupil was taught", "remote": "At home or online",
        "reason": "Reason of the absence",
    },
    "mark_not_useful": {"reason": "Why it was not useful"},
    "marks": {
        "from": "First day", "to": "Last day", "register": "Whose register", "code": "Attendance code",
        "activity": "Nature of the activity",
    },
    "notify_outcome": {"to": "To whom"},
    "plan_return": {
        "support": "Support package", "phases": "Phase", "phases.from": "First day", "phases.to": "Last day",
        "phases.sessions": "Sessions still at the provider",
    },
    "propose_placement": {
        "site": "Site", "purpose": "Purpose", "reasons": "Reasons", "days": "Number of school days",
        "maximum_days": "Longest it may become, in school days", "sessions": "Sessions at the provider",
        "mode": "Where the pupil is taught", "reintegration_is_objective": "Return to the home school is an objective",
        "census_reason": "Reason for the school census",
    },
    "provider_change": {"change": "The change", "kind": "What changes"},
    "put_on_hold": {"reason": "Why it is put on hold"},
    "raise_concern": {"kind": "What kind of concern it is", "text": "What you saw, heard or were told"},
    "receive_views": {"from": "Who wrote", "said": "What they wrote"},
    "record_check": {"item": "Which check", "status": "How it stands"},
    "record_consultation": {"with": "Who was consulted"},
    "record_contact": {
        "with": "With whom", "day": "Day it is about", "session": "Session it is about", "about": "What it was about",
    },
    "record_return_check": {"weeks": "Weeks since the return began"},
    "record_statutory_step": {"kind": "Which step was taken"},
    "record_visit": {"premises": "Premises", "actions": "Actions agreed", "note": "Anything else"},
    "refer_to_lado": {"decision": "Whether it was referred"},
    "register_at_provider": {"home_register_entered": "The home register names the other school and the first day there"},
    "report_progress": {"objectives": "Objectives", "note": "Note"},
    "request_review": {"asked_by": "Who asked for it"},
    "review_safety": {"decision": "What was decided"},
    "serve_notice": {"to": "To whom"},
    "set_up_school": {
        "name": "Name of the school", "kind": "What kind of school it is", "local_authority": "Local authority",
        "half_terms": "Half term", "half_terms.first": "First day", "half_terms.last": "Last day",
        "sessions": "Session times", "from": "From which day changed details hold",
    },
    "start": {"override": "Start though a gate is shut", "override.reason": "Why the pupil starts all the same"},
    "take": {"due": "By when"},
    "word_letters": {"block": "Which part", "text": "The words"},
}  # fmt: skip
"""By command, where a name alone does not say it."""

HINTS: dict[str, dict[str, str]] = {
    "add_person": {
        "id": "Such as dsl2. It stands in the chronology; it cannot be changed later.", "roles": "", "name": "",
        "phone": "Used for what is critical, where texts or calls are on.", "provider": "",
    },
    "add_provider": {"id": "Such as the first word of its name.", "cutoff_minutes": ""},
    "add_pupil": {"parents.id": "Such as the pupil's reference with a letter. Never a name."},
    "agree_plan": {"objectives.id": "Such as o1: progress is reported under it.", "report_every_days": ""},
    "change_person": {
        "email": "Emptied: there is none any more.", "phone": "Emptied: there is none any more.",
        "from": "Left empty: from today.", "roles": "", "person": "", "provider": "",
    },
    "close_day": {"day": "", "reason": "", "sessions": "", "provider": "Left empty: the school itself."},
    "cover": {"role": "", "person": ""},
    "hand_over": {"to": ""},
    "invite": {"to": ""},
    "mark": {"register": "", "code": "", "reason": "", "day": "Left empty: today.", "activity": "For codes B and K."},
    "notify_outcome": {"to": ""},
    "propose_placement": {
        "start": "", "days": "", "tried": "One a line.", "not_appropriate": "",
        "home_sessions": "Left empty: all the other sessions of the week.",
        "maximum_days": "Left empty: as the school's settings say.",
    },
    "raise_concern": {"against": "Whom it is against is never told of it."},
    "record_return_check": {"weeks": ""},
    "serve_notice": {"to": "", "omit": ""},
    "set_up_school": {"name": "", "kind": "", "from": ""},
    "start": {"override": "Only the headteacher or the safeguarding lead may. Your name and your reason stay on the record."},
    "word_letters": {"block": ""},
}  # fmt: skip
"""By command, where the command's own description is not for people at a page; empty for none."""

CHOICES: dict[str, dict[str, str]] = {
    "accept_change.decision": {"accept": "accepted", "reject": "not accepted"},
    "amend_decision.decision": {"vary": "continue with changes", "end": "end", "reintegrate": "reintegrate: the pupil returns"},
    "decide.decision": {"vary": "continue with changes", "end": "end", "reintegrate": "reintegrate: the pupil returns"},
    "amend_mark.register": {"home": "the home school's", "provider": "the provider's"},
    "agree_plan.readiness": {"objectives": "three quarters of the objectives met"},
    "assess_readiness.criteria": {"objectives": "three quarters of the objectives met"},
    "assess_objective.result": {"partly": "partly met"},
    "close.outcome": {
        "returned": "returned to the home school", "managed_move": "agreed managed move (permanent)",
        "post_16": "destination after 16", "safety": "ended for safety", "provider_failed": "the provider failed",
        "withdrawn": "withdrawn before the start", "excluded": "permanently excluded",
    },
    "mark.register": {"home": "the home school's", "provider": "the provider's"},
    "raise_concern.kind": {
        "low_level": "low-level concern", "allegation": "allegation against an adult", "missing": "the pupil is missing",
    },
    "record_statutory_step.kind": {
        "new_pupil": "new-pupil return", "transfer_file": "common transfer file", "absence": "return of continuous absence",
        "sickness": "return of sickness absence", "enquiries": "enquiries about where the pupil is",
        "penalty_notice_considered": "penalty notice considered", "census_end": "end entered for the school census",
        "registration_end": "end of the dual registration", "file_returned": "file returned",
    },
    "erase_record.class": {"register": "entries of registers", "pupil": "pupil record", "safeguarding": "safeguarding record"},
    "keep_record.class": {"register": "entries of registers", "pupil": "pupil record", "safeguarding": "safeguarding record"},
    "propose_placement.mode": {"on_site": "at the provider", "remote": "at home or online"},
    "receive_views.from": {
        "relevant_person": "the parent, or the pupil from the 18th birthday", "representative": "the board's representative",
    },
    "refer_to_lado.decision": {"not_referred": "not referred, with reasons"},
    "review_safety.decision": {"hold": "put on hold"},
    "serve_notice.omit": {"objectives": "objectives", "report_to": "person to report to", "days": "number of school days"},
}  # fmt: skip
"""By command and field, a stored word as people choose it, where it is not the plain word for it."""

CHOSEN: dict[str, str] = {
    "attendance": "attendance at the provider",
    "local_authority": "local authority",
    "no_critical_concern": "no serious concern open",
    "one_to_one_tuition": "one-to-one tuition",
    "provider_recommends": "the provider recommends the return",
    "timetable_and_key_adult": "timetable and key adult named",
    "views_recorded": "views of pupil and parent recorded",
    "work_based": "work-based provider",
}
"""The same in any command: among choices these are no roles and no stages."""
