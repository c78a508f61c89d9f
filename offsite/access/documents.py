"""Which documents somebody may open: each kind asks for a sight of what it holds."""

from collections.abc import Callable, Mapping

from offsite.access.sight import Attendance, Concerns, Facts, Review, Sight

LETTERS = ("notice", "invitation", "outcome")
DOCUMENTS: Mapping[str, Callable[[Sight], bool]] = {
    "notice": lambda s: s.review >= Review.MINUTES,
    "invitation": lambda s: s.review >= Review.MINUTES,
    "outcome": lambda s: s.review >= Review.MINUTES,
    "review_pack": lambda s: s.review >= Review.ALL and s.attendance >= Attendance.SUMMARY,
    "safeguarding_pack": lambda s: s.review >= Review.ALL and s.concerns >= Concerns.ALL,
    "readiness": lambda s: s.facts >= Facts.ALL and s.attendance >= Attendance.SUMMARY,
    "visit_record": lambda s: s.facts >= Facts.ALL and s.attendance >= Attendance.SUMMARY,
    "reintegration_plan": lambda s: s.facts >= Facts.ALL,
    "closure_record": lambda s: s.facts >= Facts.ALL and s.attendance >= Attendance.SUMMARY,
    "clock_proof": lambda s: s.facts >= Facts.DATES,
    "chronology": lambda s: s.facts >= Facts.ALL and s.concerns >= Concerns.SUMMARY,
}
"""The inspection sheet is of the whole school, and opened with the area "head"."""


FILED: Mapping[str, Callable[[Sight], bool]] = {"review_pack": lambda s: s.concerns >= Concerns.SUMMARY}
"""What a filed document asks for besides: a pack is filed as governors read it, and drafted anew for who may see less."""


LISTED: Mapping[str, Callable[[Sight], bool]] = {"review_pack": lambda s: s.review >= Review.MINUTES}
"""Whoever sees the minutes sees that a pack was built, for whom, when and by which hash: not what stands in it."""


def may_read(sight: Sight, kind: str) -> bool:
    """Whether somebody who sees so much of a placement may open a document of it."""
    asks = DOCUMENTS.get(kind)
    return asks is not None and asks(sight)


def may_read_filed(sight: Sight, kind: str) -> bool:
    """The same of a document as it was filed."""
    more = FILED.get(kind)
    return may_read(sight, kind) and (more is None or more(sight))


def may_know_of_issued(sight: Sight, kind: str) -> bool:
    """Whether somebody is told that a document was issued, whether or not they may open it."""
    known = LISTED.get(kind)
    return may_read_filed(sight, kind) or (known is not None and known(sight))
