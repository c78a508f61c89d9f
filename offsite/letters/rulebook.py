"""The rule book as pages: Markdown for docs/rulebook.md and one HTML page to print. Made from the declarations alone."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined

from rules.book import BOOK, FAMILIES
from rules.duties import span
from rules.rule import ROLES, Rule

AUTHORITIES = {
    "law": "law",
    "statutory_guidance": "statutory guidance",
    "guidance": "guidance, not law",
    "local": "the school's own practice, not law",
    "design": "Offsite's own, not law",
    "proposed": "announced, not law; off until a school switches it on",
}
CLOCKS = {"daily": "every day at 06:00", "quarter_hour": "every quarter of an hour, day and night"}


class Happening(NamedTuple):
    """One line of an example: when, in words, and what."""

    when: str
    what: str


class Example(NamedTuple):
    """A rule at work on invented data: what happened, what was raised and when it ended."""

    title: str
    happenings: tuple[Happening, ...]


class RulePage(NamedTuple):
    """What a page says of one rule, in words."""

    id: str
    title: str
    says: str
    when: str
    about: str
    steps: tuple[tuple[str, str], ...]
    """Severity reached, and when."""
    severity: str
    steps_up: bool
    tell: str
    clears: str
    authority: str
    good_practice: str
    source: str
    earlier: tuple[str, ...]
    evidence: str
    force: str
    clock: str
    runs_on: bool
    example: Example | None


def rule_page(rule: Rule, example: Example | None) -> RulePage:
    """One rule, in words."""
    return RulePage(
        id=rule.id,
        title=rule.title,
        says=rule.says.replace("{", "‹").replace("}", "›"),
        when=rule.when.words(),
        about=rule.subject,
        steps=tuple((severity.word, condition.words()) for severity, condition in rule.steps.items()),
        severity=rule.severity.word,
        steps_up=rule.raise_if_vulnerable,
        tell=", ".join(ROLES[role] for role in rule.tell),
        clears="a named person closes it, with a reason" if rule.clears == "person" else rule.clears,
        authority=AUTHORITIES[rule.authority],
        good_practice=_good_practice(rule),
        source=rule.source,
        earlier=tuple(f"{law.source} ({law.evidence}) until {law.until:%-d %B %Y}" for law in rule.earlier_law),
        evidence=rule.evidence,
        force=_force(rule),
        clock=CLOCKS[rule.clock],
        runs_on=rule.runs_on_after_close,
        example=example,
    )


def as_markdown(examples: Mapping[str, Example], book_hash: str) -> str:
    """The whole book as Markdown; `examples` by rule id."""
    return _render("rulebook.md.j2", examples, book_hash, escape=False)


def as_html(examples: Mapping[str, Example], book_hash: str) -> str:
    """The whole book as one HTML page, for screen and paper."""
    return _render("rulebook.html.j2", examples, book_hash, escape=True)


def _render(template: str, examples: Mapping[str, Example], book_hash: str, escape: bool) -> str:
    environment = Environment(
        loader=PackageLoader("offsite.letters"),
        autoescape=escape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    families: list[dict[str, Any]] = [
        {"heading": heading, "rules": [rule_page(rule, examples.get(rule.id)) for rule in rules]}
        for heading, rules in FAMILIES.items()
    ]
    return environment.get_template(template).render(families=families, count=len(BOOK), book_hash=book_hash)


def _good_practice(rule: Rule) -> str:
    said = []
    if rule.authority == "law" and rule.under == "osd":
        said.append("for a school that the law of off-site direction did not bind on the day")
    if rule.good_practice_when is not None:
        said.append(f"where {rule.good_practice_when.words()}")
    return "; and ".join(said)


def _force(rule: Rule) -> str:
    first, last = span(rule)
    if rule.authority not in ("law", "statutory_guidance"):
        return "not a duty of law" if rule.in_force_from is None else f"from {first:%-d %B %Y}"
    return f"from {first:%-d %B %Y}" + (f" to {last:%-d %B %Y}" if last else "")
