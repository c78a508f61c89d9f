"""Small charts as SVG: attendance week by week, ratings of objectives. Each says in words what it shows."""

from collections.abc import Sequence
from datetime import date
from html import escape

from markupsafe import Markup

from offsite.views.placement import ObjectiveView

WIDTH, HEIGHT, GAP = 16, 60, 4
COLOURS = {"green": "#00703c", "amber": "#f47738", "red": "#d4351c"}


def attendance_chart(weeks: Sequence[tuple[date, int, int]]) -> Markup:
    """A bar a week: the share of possible sessions attended."""
    bars, said = [], []
    for number, (monday, attended, possible) in enumerate(weeks):
        height = attended * HEIGHT // possible if possible else 0
        x = number * (WIDTH + GAP)
        bars.append(f'<rect x="{x}" y="0" width="{WIDTH}" height="{HEIGHT}" fill="#f3f2f1"/>')
        bars.append(f'<rect x="{x}" y="{HEIGHT - height}" width="{WIDTH}" height="{height}" fill="#1d70b8"/>')
        share = f"{attended} of {possible}" if possible else "none marked"
        said.append(f"week of {monday.day} {monday:%b}: {share}")
    return _svg(len(weeks) * (WIDTH + GAP), bars, "Sessions attended, " + "; ".join(said))


def progress_chart(objectives: Sequence[ObjectiveView]) -> Markup:
    """A row an objective, a dot a report, in the colour and with the letter of its rating."""
    longest = max((len(o.ratings) for o in objectives), default=0)
    dots, said = [], []
    for row, objective in enumerate(objectives):
        for column, (_, rating) in enumerate(objective.ratings):
            x, y = column * 24 + 12, row * 24 + 12
            dots.append(f'<circle cx="{x}" cy="{y}" r="10" fill="{COLOURS.get(rating, "#505a5f")}"/>')
            letter = f'<text x="{x}" y="{y + 4}" font-size="11" fill="#ffffff" text-anchor="middle">'
            dots.append(f"{letter}{rating[:1].upper()}</text>")
        rated = ", ".join(rating for _, rating in objective.ratings) or "not rated"
        said.append(f"{objective.name}: {rated}")
    return _svg(max(longest, 1) * 24, dots, "Ratings, oldest first. " + "; ".join(said), len(objectives) * 24)


def _svg(width: int, parts: Sequence[str], says: str, height: int = HEIGHT) -> Markup:
    label = escape(says, quote=True)
    return Markup(
        f'<svg class="offsite-chart" role="img" aria-label="{label}" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">{"".join(parts)}</svg>'
    )
