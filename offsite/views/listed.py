"""What every list shares: how it is asked for, and one page of it."""

from collections.abc import Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, Select, asc, desc, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

A_PAGE = 25
"""Rows on a page."""
Item = TypeVar("Item")
Row = TypeVar("Row")
Sorted = ColumnElement[Any] | InstrumentedAttribute[Any]
Sorts = Mapping[str, Sorted]
"""What a list may be sorted by, and the column the database sorts."""
Order = tuple[Sorted, ...]
"""A list's own order."""


class Asked(BaseModel):
    """How a list was asked for."""

    q: str = Field("", max_length=100, description="only rows that hold these letters, where the list allows it")
    sort: str = Field("", max_length=40, description="a column's name; a hyphen before it turns the order round")
    page: int = Field(1, ge=1, le=2**53 - 1)


class Listed(BaseModel, Generic[Item]):
    """One page of a list."""

    rows: list[Item]
    total: int
    page: int
    pages: int


class Cut(NamedTuple, Generic[Item]):
    """What one page of a list is about."""

    found: Sequence[Item]
    total: int
    page: int
    pages: int

    def listed(self, rows: list[Row]) -> Listed[Row]:
        """The page, with its rows worked out."""
        return Listed(rows=rows, total=self.total, page=self.page, pages=self.pages)


def which_page(total: int, page: int, size: int | None = A_PAGE) -> tuple[int, int]:
    """The page to show of how many; the last one, where fewer are left. `size` None: all on one, for an export."""
    pages = max(1, -(-total // size)) if size else 1
    return min(max(page, 1), pages), pages


def count_of(session: Session, wanted: Select[Any]) -> int:
    """How many rows a query finds."""
    return session.scalar(select(func.count()).select_from(wanted.subquery())) or 0


def cut(
    session: Session,
    wanted: Select[tuple[Item]],
    asked: Asked,
    sorts: Sorts,
    own: Order,
    size: int | None = A_PAGE,
    *,
    total: int | None = None,
    dear: bool = False,
) -> Cut[Item]:
    """Cut one page out of what a query finds, sorted as asked; an unknown order is the list's `own`.

    `total`: how many it finds, where that was counted already. `dear`: whether to tell if a row is wanted takes the database
    so long that it is asked once for all, not twice, to count them and to cut the page out.
    """
    column = sorts.get(asked.sort.removeprefix("-"))
    if column is not None:
        own = ((desc if asked.sort.startswith("-") else asc)(column).nulls_last(), *own)
    ordered = wanted.order_by(*own)
    if dear:
        found = session.scalars(ordered).all()
        page, pages = which_page(len(found), asked.page, size)
        return Cut(found[(page - 1) * size : page * size] if size else found, len(found), page, pages)
    if total is None:
        total = count_of(session, wanted)
    page, pages = which_page(total, asked.page, size)
    if size:
        ordered = ordered.limit(size).offset((page - 1) * size)
    return Cut(session.scalars(ordered).all(), total, page, pages)
