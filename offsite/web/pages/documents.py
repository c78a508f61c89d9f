"""Documents: letters and packs on screen and as PDF, the inspection sheet, and a review meeting for one's calendar."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse, Response
from markupsafe import escape

from models.look import Look
from offsite.access.documents import DOCUMENTS, may_read
from offsite.case.case import Case
from offsite.case.governors.reviews import reviews
from offsite.exchange.meetings import as_calendar
from offsite.letters.pdf import PdfUnavailable, as_pdf, styles
from offsite.views.listed import Asked
from offsite.views.papers.documents import Filed, Opened, filed, open_filed, uncopied
from offsite.views.papers.drafts import drafted_now, drafted_of_review, inspection, kinds_now, of_reviews
from offsite.views.placements.placement import PlacementView, placement_view
from offsite.web.numbers import number_in
from offsite.web.tables import Column, Table, cut_here, params_of
from offsite.web.visit import Refuse, Visit, area
from offsite.web.wording import word_for

router = APIRouter()
Visiting = Annotated[Visit, Depends(area("documents"))]
FILED: tuple[Column[Filed], ...] = (
    Column("kind", "Document", lambda row: word_for(row.kind)),
    Column("subject", "Of"),
    Column("number", "Number"),
    Column("drafted", "Drafted"),
    Column("issued_to", "Issued to"),
    Column("sha256", "Kept as", sorts=False),
)


@router.get("/documents/letter.css")
def stylesheet() -> Response:
    """How documents look on screen: the same styles as on paper."""
    return Response(styles(), media_type="text/css")


@router.get("/documents/inspection-sheet")
@router.get("/documents/inspection-sheet.pdf")
def inspection_sheet(visit: Annotated[Visit, Depends(area("head"))]) -> Response:
    """The inspection sheet of the school."""
    return _shown(visit, inspection(visit.session, visit.who, visit.texts), "inspection-sheet")


@router.get("/placements/{ref}/documents")
@router.get("/placements/{ref}/documents.csv")
def listed(visit: Visiting, ref: str, asked: Annotated[Asked, Query()]) -> Response:
    """What was drafted and issued, and what can be drafted now."""
    view, case = _found(visit, ref)
    rows = cut_here(filed(visit.session, visit.who, case), FILED, asked, visit.page_size)
    path = f"/placements/{view.placement}/documents"
    return visit.table_page(
        "documents.html",
        Table(path, f"Documents filed of {view.placement}", FILED, rows, params_of(asked), letters="Kind, review or recipient"),
        p=view,
        uncopied=uncopied(visit.session, visit.who, case),
        kinds=kinds_now(visit.who, case),
        meetings=of_reviews(visit.who, case),
    )


@router.get("/placements/{ref}/documents/filed/{number}")
@router.get("/placements/{ref}/documents/filed/{number}.pdf")
def one_filed(visit: Visiting, ref: str, number: str) -> Response:
    """A document as it was drafted, and perhaps issued; held against its hash."""
    _, case = _found(visit, ref)
    bare = number.removesuffix(".pdf")
    filed_as = number_in(bare)
    found = open_filed(visit.session, visit.who, case, filed_as, visit.texts) if filed_as is not None else None
    return _opened(visit, found, f"{ref}-{bare}")


@router.get("/placements/{ref}/documents/now/{kind}")
def one_now(visit: Visiting, ref: str, kind: str) -> Response:
    """A document drafted from the record as it stands; `.pdf` behind its kind for paper."""
    view, case = _found(visit, ref)
    bare = kind.removesuffix(".pdf")
    found = drafted_now(visit.session, view, visit.who, case, bare, visit.texts) if bare in DOCUMENTS else None
    return _opened(visit, found, f"{ref}-{bare}")


@router.get("/placements/{ref}/reviews/{name}/documents/{kind}")
def one_of_review(visit: Visiting, ref: str, name: str, kind: str) -> Response:
    """A document about one review, drafted from the record as it stands; `.pdf` behind its kind for paper."""
    _, case = _found(visit, ref)
    bare = kind.removesuffix(".pdf")
    return _opened(visit, drafted_of_review(visit.session, visit.who, case, name, bare, visit.texts), f"{name}-{bare}")


@router.get("/placements/{ref}/reviews/{name}.ics")
def calendar(visit: Visiting, ref: str, name: str) -> Response:
    """A review meeting for one's calendar, as it is set, moved or cancelled: its title tells nothing of whom it is about."""
    _, case = _found(visit, ref)
    meeting = next((r for r in reviews(case) if r.name == name), None)
    if meeting is None or not may_read(visit.who.sight(case), "invitation"):
        raise Refuse(404, "That meeting is not on record")
    headers = {"content-disposition": f'attachment; filename="{name}.ics"'}
    made = as_calendar(case, meeting, visit.at)
    return Response(made, media_type="text/calendar; charset=utf-8", headers=headers)


def _found(visit: Visit, ref: str) -> tuple[PlacementView, Case]:
    found = placement_view(visit.session, visit.who, ref, visit.texts)
    if found is None:
        raise Refuse(404, "That placement is not on record")
    return found


def _opened(visit: Visit, found: Opened | None, name: str) -> Response:
    """A document with a line that says how it stands. Some bear that line on paper too; each look at the text of a concern
    is logged before it is shown."""
    if found is None:
        raise Refuse(404, "That document is not on record")
    if found.looked_at:
        with visit.edge.database.writing() as session:
            for concern in found.looked_at:
                session.add(
                    Look(school_id=visit.who.school_id, concern=concern, by=visit.who.ref, at=visit.at, through="document")
                )
    standing = (
        f'<aside class="standing {found.state}" aria-label="How this document stands"><p>{escape(found.says)}</p></aside>'
    )
    return _shown(visit, found.html, name, standing, on_paper=found.on_paper)


def _shown(visit: Visit, html: str, name: str, standing: str = "", *, on_paper: bool = False) -> Response:
    if not visit.request.url.path.endswith(".pdf"):
        link = '<link rel="stylesheet" href="/documents/letter.css"></head>'
        return HTMLResponse(html.replace("</head>", link, 1).replace("<header>", f"{standing}<header>", 1))
    try:
        pdf = as_pdf(html.replace("<header>", f"{standing}<header>", 1) if on_paper else html)
    except PdfUnavailable as missing:
        raise Refuse(503, "PDF is not to be had on this machine", str(missing)) from None
    headers = {"content-disposition": f'inline; filename="{name}.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=headers)
