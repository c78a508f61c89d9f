"""Documents: letters and packs on screen and as PDF, the inspection sheet, and a review meeting for one's calendar."""

from datetime import datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response
from icalendar import Calendar, Event

from offsite.access.documents import DOCUMENTS, may_read
from offsite.case.case import Case
from offsite.case.governors.reviews import reviews
from offsite.law.london import LONDON
from offsite.letters.pdf import PdfUnavailable, as_pdf, styles
from offsite.views.documents import FOR_READERS, NOW, drafted_now, filed, filed_html, inspection
from offsite.views.placement import PlacementView, placement_view
from offsite.web.visit import Refuse, Visit, area

router = APIRouter()
Visiting = Annotated[Visit, Depends(area("documents"))]
MEETING = timedelta(hours=1)
NINE = time(9)


@router.get("/documents/letter.css")
def stylesheet() -> Response:
    """How documents look on screen: the same styles as on paper."""
    return Response(styles(), media_type="text/css")


@router.get("/documents/inspection-sheet")
@router.get("/documents/inspection-sheet.pdf")
def inspection_sheet(visit: Annotated[Visit, Depends(area("head"))]) -> Response:
    """The inspection sheet of the school."""
    return _shown(visit, inspection(visit.session, visit.who), "inspection-sheet")


@router.get("/placements/{ref}/documents")
def listed(visit: Visiting, ref: str) -> Response:
    """What was drafted and issued, and what can be drafted now."""
    view, case = _found(visit, ref)
    sight = visit.who.sight(case)
    kinds = [kind for kind in (*NOW, *FOR_READERS) if may_read(sight, kind)]
    if not any(r.state == "scheduled" for r in view.reviews or []):
        kinds = [kind for kind in kinds if kind != "review_pack"]
    meetings = [r for r in view.reviews or [] if r.state == "scheduled"]
    return visit.page("documents.html", p=view, filed=filed(visit.session, visit.who, case), kinds=kinds, meetings=meetings)


@router.get("/placements/{ref}/documents/filed/{number}")
@router.get("/placements/{ref}/documents/filed/{number}.pdf")
def one_filed(visit: Visiting, ref: str, number: str) -> Response:
    """A document as it was drafted, and perhaps issued."""
    _, case = _found(visit, ref)
    bare = number.removesuffix(".pdf")
    html = filed_html(visit.session, visit.who, case, int(bare), visit.texts) if bare.isdigit() else None
    if html is None:
        raise Refuse(404, "That document is not on record")
    return _shown(visit, html, f"{ref}-{bare}")


@router.get("/placements/{ref}/documents/now/{kind}")
def one_now(visit: Visiting, ref: str, kind: str) -> Response:
    """A document drafted from the record as it stands; `.pdf` behind its kind for paper."""
    view, case = _found(visit, ref)
    bare = kind.removesuffix(".pdf")
    html = drafted_now(visit.session, view, visit.who, case, bare, visit.texts) if bare in DOCUMENTS else None
    if html is None:
        raise Refuse(404, "That document is not on record")
    return _shown(visit, html, f"{ref}-{bare}")


@router.get("/placements/{ref}/reviews/{name}.ics")
def calendar(visit: Visiting, ref: str, name: str) -> Response:
    """A review meeting for one's calendar: its title tells nothing of whom it is about."""
    _, case = _found(visit, ref)
    meeting = next((r for r in reviews(case) if r.name == name and r.state == "scheduled"), None)
    if meeting is None or not may_read(visit.who.sight(case), "invitation"):
        raise Refuse(404, "That meeting is not on record")
    begins = datetime.combine(meeting.meets_on, meeting.meets_at or NINE, LONDON)
    event = Event()
    event.add("uid", f"{name}@offsite.invalid")
    event.add("summary", f"Offsite review {name}")
    event.add("dtstamp", visit.at)
    if meeting.meets_at is None:
        event.add("dtstart", meeting.meets_on)
    else:
        event.add("dtstart", begins)
        event.add("dtend", begins + MEETING)
    made = Calendar()
    made.add("prodid", "-//Offsite//EN")
    made.add("version", "2.0")
    made.add_component(event)
    headers = {"content-disposition": f'attachment; filename="{name}.ics"'}
    return Response(made.to_ical(), media_type="text/calendar; charset=utf-8", headers=headers)


def _found(visit: Visit, ref: str) -> tuple[PlacementView, Case]:
    found = placement_view(visit.session, visit.who, ref, visit.texts)
    if found is None:
        raise Refuse(404, "That placement is not on record")
    return found


def _shown(visit: Visit, html: str, name: str) -> Response:
    if not visit.request.url.path.endswith(".pdf"):
        link = '<link rel="stylesheet" href="/documents/letter.css"></head>'
        return HTMLResponse(html.replace("</head>", link, 1))
    try:
        pdf = as_pdf(html)
    except PdfUnavailable as missing:
        raise Refuse(503, "PDF is not to be had on this machine", str(missing)) from None
    headers = {"content-disposition": f'inline; filename="{name}.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=headers)
