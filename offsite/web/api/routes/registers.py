"""Registers of a day: both sides next to each other, and a provider's own."""

from datetime import date
from typing import Annotated

from fastapi import Path, Query
from pydantic import AfterValidator

from offsite.casework.commands.fields import within
from offsite.views.listed import Listed
from offsite.views.school.registers import RegisterRow, RegistersAsked, both_sides, provider_day
from offsite.web.api.caller import Caller, area
from offsite.web.api.room import room
from offsite.web.visit import Refuse

router = room("registers")


Day = Annotated[date, Path(description="2026-11-25"), AfterValidator(within)]


@router.get("/registers/{day}")
def list_registers(
    caller: Annotated[Caller, area("attendance")], day: Day, asked: Annotated[RegistersAsked, Query()]
) -> Listed[RegisterRow]:
    """Both registers of a day next to each other, mismatches first: a page of placements, a row a session."""
    return both_sides(caller.session, caller.viewer, day, asked, texts=caller.texts)


@router.get("/registers/{day}/own")
def list_own_register(caller: Annotated[Caller, area("provider")], day: Day) -> list[RegisterRow]:
    """The pupils expected on a day at the provider whose person the token acts for."""
    if caller.viewer.provider_id is None:
        raise Refuse(403, "Not allowed", "The token's person is not entered as working at a provider.")
    return provider_day(caller.session, caller.viewer, caller.viewer.provider_id, day)
