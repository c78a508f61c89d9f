"""A form that was sent when its session had ended, shown again to whoever typed it: filled in, and not carried out."""

import re
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from starlette.datastructures import FormData

from offsite.accounts import kept_forms
from offsite.web.forms.pages import draw, sheet
from offsite.web.visit import KEPT_FORM, Refuse, Visit, area
from offsite.web.wording import field_words, word_for

router = APIRouter()
OF_A_COMMAND = re.compile(r"/do/([a-z_]+)")
UNSEEN = ("key", "seen", "step", "back", "marked", "next")
"""Fields that nobody typed."""


@router.get(f"{KEPT_FORM}{{key}}")
def kept_form(visit: Annotated[Visit, Depends(area("account"))], key: str) -> Response:
    """What somebody typed before they were signed out. A command's form is filled in; any other is listed, to be sent again."""
    assert visit.signed_in is not None
    found = kept_forms.kept(visit.session, visit.edge.here.key_file, key, visit.signed_in, visit.at)
    if found is None:
        raise Refuse(404, "What was typed is not kept any more", "It is kept for an hour, for whoever typed it.")
    typed, command = FormData([*found.fields]), OF_A_COMMAND.fullmatch(found.path)
    if command:
        return draw(visit, sheet(visit, command[1], dict(found.fields)), typed, {}, kept=True)
    said = [(field_words(name), word_for(value)) for name, value in found.fields if value and name not in UNSEEN]
    return visit.page("kept_form.html", path=found.path, fields=found.fields, said=said)
