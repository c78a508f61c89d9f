"""A backtest's report: one HTML page that needs nothing else, and rows for a spreadsheet."""

import csv
import io
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

COLUMNS = ("change", "rule", "placement", "subject", "authority", "today_raised", "today_cleared", "today_severity",
           "candidate_raised", "candidate_cleared", "candidate_severity", "because")  # fmt: skip
EXAMPLES = 5
"""Alerts shown for each rule that changed."""


def as_html(document: dict[str, Any], tried: str) -> str:
    """The comparison as a page with its plots. `tried`: what the candidate changes, in words."""
    template = Environment(
        loader=PackageLoader("offsite.casework.backtest", ""), autoescape=True, undefined=StrictUndefined
    ).get_template("report.html.j2")
    changed = [row for row in document["alerts"] if row["change"] != "same"]
    examples = {
        row["rule"]: [alert for alert in changed if alert["rule"] == row["rule"]][:EXAMPLES] for row in document["rules"]
    }
    roles = sorted({row["role"] for row in document["weeks"]}, key=lambda role: (role != "dsl", role))
    loads = {role: [row for row in document["weeks"] if row["role"] == role] for role in roles}
    most = max((max(row["today"], row["candidate"]) for row in document["weeks"]), default=1)
    return template.render(found=document, tried=tried, examples=examples, loads=loads, most=most)


def as_csv(document: dict[str, Any]) -> str:
    """One row an alert of either book."""
    written = io.StringIO()
    sheet = csv.writer(written)
    sheet.writerow(COLUMNS)
    for row in document["alerts"]:
        sides = [row[side] or {} for side in ("today", "candidate")]
        times = [side.get(name, "") or "" for side in sides for name in ("raised", "cleared", "severity")]
        sheet.writerow([row["change"], row["rule"], row["placement"] or "", row["subject"], row["authority"], *times,
                        row["because"]])  # fmt: skip
    return written.getvalue()
