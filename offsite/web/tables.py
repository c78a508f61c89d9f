"""Tables: every list of the pages, which filters, sorts, pages and goes out as CSV in one way.

A list of thousands is filtered, sorted and cut by the database, and handed in a page at a time. A short one (providers, rules)
is handed in whole and cut here. The same address with `.csv` behind it gives all rows, and no more of each than the page.
"""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from fastapi.responses import Response

from offsite.views.listed import A_PAGE, Asked, Listed, which_page

Row = TypeVar("Row")
RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column: its name in addresses and exports, its heading, and what stands in it."""

    key: str
    heading: str
    of: Callable[[Row], Any] | None = None
    """Left out: the row's attribute of that name."""
    sorts: bool = True
    falls: bool = False
    """Whether the first click sorts it downwards: the loudest alerts first."""
    by: Callable[[Row], Any] | None = None
    """What a short list sorts by, where that is not what stands in it."""

    def value(self, row: Row) -> Any:
        """What stands in it, as exported."""
        return self.of(row) if self.of else getattr(row, self.key)


@dataclass(frozen=True)
class Filter:
    """Something a list may be narrowed by: a choice, or, without choices, a box to tick."""

    name: str
    label: str
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Table(Generic[Row]):
    """One list as it is shown."""

    path: str
    caption: str
    columns: Sequence[Column[Row]]
    listed: Listed[Row]
    params: Mapping[str, str]
    """The address's own questions: filters, order, page."""
    filters: Sequence[Filter] = ()
    letters: str = ""
    """What the box of letters looks for; empty: there is none."""
    kept: Mapping[str, str] = field(default_factory=dict)
    """What the filters' form sends along."""
    exported: str | None = ""
    """Where it is exported, if not beside its own path; None: nowhere."""
    of_what: str = ""
    """What its total counts and its pages are cut by, where that is not rows."""

    @property
    def name(self) -> str:
        """What an export is called."""
        return self.path.strip("/").replace("/", "-")

    def address(self, **changed: str | int) -> str:
        """The same list, asked for otherwise. An empty value takes a question away."""
        asked = {**self.params, **{name: str(value) for name, value in changed.items()}}
        return self._at(self.path, {name: value for name, value in asked.items() if value})

    @property
    def export(self) -> str:
        """Where the list is to be had as CSV."""
        asked = {name: value for name, value in self.params.items() if value and name != "page"}
        return self._at(f"{self.exported or self.path}.csv", asked)

    @staticmethod
    def _at(path: str, asked: Mapping[str, str]) -> str:
        return f"{path}?{urlencode(asked)}" if asked else path

    def sorted_by(self, column: Column[Row]) -> str:
        """How the list is sorted by a column: ascending, descending, or none."""
        sort = self.params.get("sort", "")
        return {column.key: "ascending", f"-{column.key}": "descending"}.get(sort, "none")

    def sort_link(self, column: Column[Row]) -> str:
        """Sorts by a column; once more turns it round."""
        up, down = column.key, f"-{column.key}"
        first, turned = (down, up) if column.falls else (up, down)
        return self.address(sort=turned if self.params.get("sort") == first else first, page="")


def params_of(asked: Asked) -> dict[str, str]:
    """What was asked, as it stands in an address; what is as usual is left out."""
    given = asked.model_dump(mode="json", exclude_defaults=True)
    return {name: "true" if value is True else str(value) for name, value in given.items() if value not in (None, "", False)}


def cut_here(rows: Iterable[Row], columns: Sequence[Column[Row]], asked: Asked, size: int | None = A_PAGE) -> Listed[Row]:
    """A page of a short list: only rows that hold the letters asked for in some column, sorted by the column asked for."""
    found = [row for row in rows if _holds(row, columns, asked.q)]
    column = next((c for c in columns if c.sorts and c.key == asked.sort.removeprefix("-")), None)
    if column is not None:
        by = column.by or column.value
        given = [row for row in found if by(row) not in (None, "", [])]
        missing = [row for row in found if by(row) in (None, "", [])]
        given.sort(key=lambda row: _sortable(by(row)), reverse=asked.sort.startswith("-"))
        found = [*given, *missing]
    page, pages = which_page(len(found), asked.page, size)
    shown = found[(page - 1) * size : page * size] if size else found
    return Listed[Any](rows=shown, total=len(found), page=page, pages=pages)


def _holds(row: Row, columns: Sequence[Column[Row]], letters: str) -> bool:
    return not letters or any(letters.lower() in str(column.value(row) or "").lower() for column in columns)


def _sortable(value: Any) -> Any:
    """Words as they are read, whatever their case."""
    return value if isinstance(value, int | date | datetime) else _words(value).casefold()


def as_csv(table: Table[Any]) -> Response:
    """A list as a CSV file. A cell that a spreadsheet would run is given an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([column.key for column in table.columns])
    writer.writerows([[_cell(column.value(row)) for column in table.columns] for row in table.listed.rows])
    headers = {"content-disposition": f'attachment; filename="{table.name}.csv"'}
    return Response(out.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value)
    text = _words(value)
    return f"'{text}" if text.startswith(RUN_BY_SPREADSHEETS) else text


def _words(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
