"""The pupils of the school: found by name, and the way into the forms that are about one of them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import Field

from offsite.views.listed import Asked
from offsite.views.placements.pupils import PupilRow, pupils
from offsite.web.forms.pages import ABOUT_PUPILS
from offsite.web.tables import Column, Table, params_of
from offsite.web.visit import Visit, area
from offsite.web.wording import command_words

router = APIRouter()
COLUMNS: tuple[Column[PupilRow], ...] = (
    Column("name", "Pupil"),
    Column("pupil", "Reference"),
    Column("placements", "Live placements", sorts=False),
    Column("do", "Do", lambda row: "", sorts=False),
)


class PupilsAsked(Asked):
    """How the list was asked for."""

    to: str = Field("", max_length=40, description="the form a pupil is chosen for")


@router.get("/pupils")
@router.get("/pupils.csv")
def listed(visit: Annotated[Visit, Depends(area("pupils"))], asked: Annotated[PupilsAsked, Query()]) -> Response:
    """The pupils of the school; where one is chosen for a form, each leads to it."""
    found = pupils(visit.session, visit.who, asked, visit.page_size)
    chosen = [asked.to] if asked.to in ABOUT_PUPILS else ABOUT_PUPILS
    kept = {"to": asked.to} if asked.to in ABOUT_PUPILS else {}
    table = Table("/pupils", "Pupils", COLUMNS, found, params_of(asked), letters="Name or reference", kept=kept)
    forms = [name for name in chosen if visit.who.may(name)]
    return visit.table_page("pupils.html", table, forms=forms, purpose=command_words(asked.to) if kept else "")
