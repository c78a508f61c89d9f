"""Which roles may say which command, through pages and JSON alike. Whoever runs the machine may say all of them.

A handler may ask for more (only DSL or deputy closes a concern); it never asks for less.
"""

DSL = ("dsl", "deputy_dsl")
LEADERS = (*DSL, "head")
OFFICE = (*LEADERS, "clerk")
TEACHING = (*LEADERS, "senco", "designated_teacher")
REGISTERS = (*LEADERS, "attendance")
ANY_STAFF = (*OFFICE, "attendance", "senco", "designated_teacher")
HANDS_ON = (*ANY_STAFF, "provider")
OUTSIDERS = ("provider", "local_authority")
"""Roles of people who are none of the school's own."""
TOLD = (*ANY_STAFF, "chair", "governors", *OUTSIDERS)

DEEDS: dict[str, tuple[str, ...]] = {
    # the school
    "set_up_school": ("head", "clerk"),
    "close_day": (*OFFICE, "attendance", "provider"),
    "change_settings": LEADERS,
    "word_letters": OFFICE,
    "add_person": LEADERS,
    "change_person": LEADERS,
    "cover": LEADERS,
    "keep_record": ("dsl", "head", "data_protection"),
    "erase_record": ("head", "data_protection"),
    # pupils and providers
    "add_pupil": (*OFFICE, "senco", "designated_teacher"),
    "change_pupil": TEACHING,
    "add_provider": OFFICE,
    "change_provider": OFFICE,
    "record_check": (*LEADERS, "senco"),
    "confirm_safeguarding": LEADERS,
    "provider_change": HANDS_ON,
    "accept_change": DSL,
    # setting up, objectives, start
    "propose_placement": (*OFFICE, "senco", "designated_teacher"),
    "change_placement": OFFICE,
    "record_consultation": ANY_STAFF,
    "assess_risk": TEACHING,
    "determine": ("head", "clerk", "chair"),
    "serve_notice": ("head", "clerk"),
    "register_at_provider": (*OFFICE, "attendance"),
    "record_statutory_step": (*OFFICE, "attendance"),
    "agree_plan": TEACHING,
    "assess_objective": (*TEACHING, "provider"),
    "report_progress": (*TEACHING, "provider"),
    "record_partnership": TEACHING,
    "start": (*OFFICE, "attendance"),
    "withdraw": LEADERS,
    # every day
    "mark": (*REGISTERS, "provider"),
    "marks": REGISTERS,
    "enter_marks": REGISTERS,
    "amend_mark": (*REGISTERS, "provider"),
    "record_contact": HANDS_ON,
    "record_visit": ANY_STAFF,
    # safeguarding
    "raise_concern": TOLD,
    "triage_concern": DSL,
    "find_child": (*LEADERS, "attendance"),
    "close_concern": DSL,
    "refer_to_lado": (*LEADERS, "chair"),
    "review_safety": LEADERS,
    "put_on_hold": LEADERS,
    "lift_hold": DSL,
    "break_glass": ("head", "clerk", "attendance", "senco", "designated_teacher"),
    # governors
    "schedule_review": ("head", "clerk"),
    "move_review": ("head", "clerk"),
    "cancel_review": ("head", "clerk"),
    "nominate": ("head", "clerk", "chair"),
    "invite": ("head", "clerk"),
    "build_pack": ("head", "clerk"),
    "receive_views": ("head", "clerk"),
    "hold_review": ("head", "clerk", "chair"),
    "decide": ("clerk", "chair"),
    "amend_decision": ("clerk", "chair"),
    "notify_outcome": ("head", "clerk"),
    "request_review": (*OFFICE, "local_authority"),
    "reply_to_request": ("head", "clerk"),
    # ending
    "request_readiness": TEACHING,
    "assess_readiness": TEACHING,
    "plan_return": TEACHING,
    "begin_return": (*TEACHING, "attendance"),
    "step_back": LEADERS,
    "record_return_check": TEACHING,
    "close": LEADERS,
    # alerts
    "acknowledge": TOLD,
    "take": TOLD,
    "hand_over": TOLD,
    "resolve": ANY_STAFF,
    "mark_not_useful": TOLD,
    "correct": (*OFFICE, "attendance"),
}


def may(roles: tuple[str, ...], command: str) -> bool:
    """Whether somebody with these roles may say a command."""
    return bool(set(roles) & set(DEEDS.get(command, ())))
