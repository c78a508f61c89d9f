"""The rule book, and what was law on a day."""

from datetime import date
from typing import Annotated

from fastapi import Query
from pydantic import AfterValidator

from offsite.casework.commands.fields import within
from offsite.views.school.law import LawView, RuleView, law_view, rule_view, rules_of_the_book
from offsite.web.api.caller import Caller, area
from offsite.web.api.room import Ref, room
from offsite.web.visit import Refuse

router = room("law")
Anybody = Annotated[Caller, area("law")]
Day = Annotated[date, AfterValidator(within)]


@router.get("/rules")
def list_rules(caller: Anybody) -> list[RuleView]:
    """Every rule of the book."""
    return rules_of_the_book()


@router.get("/rules/{name}")
def one_rule(caller: Anybody, name: Ref) -> RuleView:
    """One rule: what it says, by what right, whom it tells, what clears it."""
    found = rule_view(name)
    if found is None:
        raise Refuse(404, "There is no such rule")
    return found


@router.get("/law")
def law(caller: Anybody, on: Annotated[Day | None, Query(description="left out: today")] = None) -> LawView:
    """What was law on a day for the school's kind: duties, numbers, and which of them are law."""
    return law_view(caller.viewer, on or caller.viewer.today)
