"""Small charts as SVG, for pages and documents: attendance week by week, ratings of objectives. Each says in words what it
shows, and none tells anything by colour alone. No style or script in them: the pages' content policy forbids both."""

from collections.abc import Sequence
from datetime import date
from html import escape

from markupsafe import Markup

from offsite.case.attendance.tally import Tally
from offsite.case.attendance.weeks import Week

WIDTH, HEIGHT, GAP = 16, 60, 4
COLOURS = {"green": "#00703c", "amber": "#f47738", "red": "#d4351c"}
PLOT, TALL, LEFT, BELOW, ABOVE = 600, 160, 40, 24, 24
"""The large chart: width and height of what is plotted, room for the shares at its left, the weeks below, the key above."""
REGISTERS = (("home register", "#b1b4b6"), ("provider's register", "#5694ca"), ("both together", "#003078"))
"""From light to dark, so that they differ without colour too."""
MOST_LABELS = 14


def attendance_chart(weeks: Sequence[tuple[date, int, int]]) -> Markup:
    """A bar a week: the share of possible sessions attended."""
    bars, said = [], []
    for number, (monday, attended, possible) in enumerate(weeks):
        height = attended * HEIGHT // possible if possible else 0
        x = number * (WIDTH + GAP)
        bars.append(_bar(x, 0, WIDTH, HEIGHT, "#f3f2f1"))
        bars.append(_bar(x, HEIGHT - height, WIDTH, height, "#1d70b8"))
        share = f"{attended} of {possible}" if possible else "none marked"
        said.append(f"week of {monday.day} {monday:%b}: {share}")
    return _svg(len(weeks) * (WIDTH + GAP), bars, "Sessions attended, " + "; ".join(said))


def attendance_figure(weeks: Sequence[Week]) -> Markup:
    """Three bars a week, one a register and both together: the share of possible sessions attended, on a scale to 100."""
    parts = [_share(level, dashed=level == 90) for level in (0, 50, 90, 100)]
    parts += [_key(number, name, colour) for number, (name, colour) in enumerate(REGISTERS)]
    room = PLOT // max(len(weeks), 1)
    bar = max(min(room // 4, 24), 2)
    every = -(-len(weeks) // MOST_LABELS) or 1
    said = []
    for number, week in enumerate(weeks):
        x = LEFT + number * room + (room - 3 * bar) // 2
        for place, (tally, (_, colour)) in enumerate(zip(week[1:], REGISTERS, strict=True)):
            height = _attended(tally) * TALL // tally.possible if tally.possible else 0
            parts.append(_bar(x + place * bar, ABOVE + TALL - height, bar - 1, height, colour))
        if number % every == 0:
            parts.append(_text(x + 3 * bar // 2, ABOVE + TALL + 16, f"{week.monday.day} {week.monday:%b}", "middle"))
        said.append(f"week of {week.monday.day} {week.monday:%B}: {in_figures(week.together)}")
    says = f"Attendance week by week, both registers together. {'; '.join(said)}."
    return _svg(LEFT + PLOT, parts, says, ABOVE + TALL + BELOW)


def in_figures(tally: Tally) -> str:
    """9 of 10 (90 %); "none marked" where no session was possible."""
    if not tally.possible:
        return "none marked"
    return f"{_attended(tally)} of {tally.possible} ({_attended(tally) * 100 // tally.possible} %)"


def progress_chart(objectives: Sequence[tuple[str, Sequence[str]]]) -> Markup:
    """A row an objective, a dot a report, in the colour and with the letter of its rating. Objectives by name, with their
    ratings, oldest first."""
    longest = max((len(ratings) for _, ratings in objectives), default=0)
    dots, said = [], []
    for row, (name, ratings) in enumerate(objectives):
        for column, rating in enumerate(ratings):
            x, y = column * 24 + 12, row * 24 + 12
            dots.append(f'<circle cx="{x}" cy="{y}" r="10" fill="{COLOURS.get(rating, "#505a5f")}"/>')
            letter = f'<text x="{x}" y="{y + 4}" font-size="11" fill="#ffffff" text-anchor="middle">'
            dots.append(f"{letter}{escape(rating[:1].upper())}</text>")
        said.append(f"{name}: {', '.join(ratings) or 'not rated'}")
    return _svg(max(longest, 1) * 24, dots, "Ratings, oldest first. " + "; ".join(said), len(objectives) * 24)


def _attended(tally: Tally) -> int:
    return tally.possible - tally.missed


def _share(level: int, *, dashed: bool) -> str:
    y = ABOVE + TALL - level * TALL // 100
    dashes = ' stroke-dasharray="4 3"' if dashed else ""
    line = f'<line x1="{LEFT}" y1="{y}" x2="{LEFT + PLOT}" y2="{y}" stroke="#505a5f" stroke-width="0.5"{dashes}/>'
    return line + _text(LEFT - 4, y + 4, f"{level} %", "end")


def _key(number: int, name: str, colour: str) -> str:
    x = LEFT + number * 150
    return _bar(x, 4, 10, 10, colour) + _text(x + 14, 13, name, "start")


def _bar(x: int, y: int, width: int, height: int, colour: str) -> str:
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{colour}"/>'


def _text(x: int, y: int, said: str, anchor: str) -> str:
    font = 'font-family="Arial, Liberation Sans, DejaVu Sans, sans-serif" font-size="11"'
    return f'<text x="{x}" y="{y}" {font} fill="#0b0c0c" text-anchor="{anchor}">{escape(said)}</text>'


def _svg(width: int, parts: Sequence[str], says: str, height: int = HEIGHT) -> Markup:
    return Markup(
        f'<svg xmlns="http://www.w3.org/2000/svg" class="offsite-chart" role="img" aria-label="{escape(says, quote=True)}" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"><title>{escape(says)}</title>{"".join(parts)}</svg>'
    )
