"""Documents about a placement: what is filed, what can be drafted now, and each as HTML."""

from typing import Annotated

from pydantic import BaseModel

from offsite.access.documents import DOCUMENTS
from offsite.case.case import Case
from offsite.views.papers.documents import Filed, Opened, Uncopied, filed, open_filed, uncopied
from offsite.views.papers.drafts import OfReview, drafted_now, drafted_of_review, kinds_now, of_reviews
from offsite.views.placements.placement import PlacementView, placement_view
from offsite.views.safeguarding.concerns import log_look
from offsite.web.api.caller import Caller, area
from offsite.web.api.room import Ref, room
from offsite.web.numbers import Number
from offsite.web.visit import Refuse

router = room("documents")
Reading = Annotated[Caller, area("documents")]


class DocumentsView(BaseModel):
    """The documents about one placement that the token's person may open."""

    filed: list[Filed]
    uncopied: list[Uncopied]
    now: list[str]
    """Kinds that can be drafted now about the placement itself."""
    reviews: list[OfReview]


class DocumentView(BaseModel):
    """One document."""

    html: str
    state: str
    """draft, as_issued or changed."""
    says: str
    """How it stands with the hash that was kept when it was issued."""


@router.get("/placements/{ref}/documents")
def list_documents(caller: Reading, ref: Ref) -> DocumentsView:
    """What was drafted and issued about a placement, and what can be drafted now."""
    _, case = _found(caller, ref)
    return DocumentsView(
        filed=filed(caller.session, caller.viewer, case),
        uncopied=uncopied(caller.session, caller.viewer, case),
        now=kinds_now(caller.viewer, case),
        reviews=of_reviews(caller.viewer, case),
    )


@router.get("/placements/{ref}/documents/filed/{number}")
def filed_document(caller: Reading, ref: Ref, number: Number) -> DocumentView:
    """A document as it was drafted, and perhaps issued; held against its hash."""
    _, case = _found(caller, ref)
    return _shown(caller, open_filed(caller.session, caller.viewer, case, number, caller.texts))


@router.get("/placements/{ref}/documents/now/{kind}")
def document_now(caller: Reading, ref: Ref, kind: Ref) -> DocumentView:
    """A document drafted from the record as it stands."""
    view, case = _found(caller, ref)
    known = kind in DOCUMENTS
    return _shown(caller, drafted_now(caller.session, view, caller.viewer, case, kind, caller.texts) if known else None)


@router.get("/placements/{ref}/reviews/{name}/documents/{kind}")
def document_of_review(caller: Reading, ref: Ref, name: Ref, kind: Ref) -> DocumentView:
    """A document about one review, drafted from the record as it stands."""
    _, case = _found(caller, ref)
    return _shown(caller, drafted_of_review(caller.session, caller.viewer, case, name, kind, caller.texts))


def _found(caller: Caller, ref: str) -> tuple[PlacementView, Case]:
    found = placement_view(caller.session, caller.viewer, ref, caller.texts)
    if found is None:
        raise Refuse(404, "That placement is not on record")
    return found


def _shown(caller: Caller, found: Opened | None) -> DocumentView:
    """A document, after each look at the text of a concern in it was logged."""
    if found is None:
        raise Refuse(404, "That document is not on record")
    for concern in found.looked_at:
        log_look(caller.edge.database, caller.viewer, concern, "api")
    return DocumentView(html=found.html, state=found.state, says=found.says)
