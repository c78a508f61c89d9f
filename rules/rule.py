"""A rule is one declaration: what it looks at, when it speaks, how loud, to whom, until when, and by what right."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from typing import Literal

from offsite.law.regimes import Under
from rules.language import Condition, FactKind

Authority = Literal["law", "statutory_guidance", "guidance", "local", "design", "proposed", "good_practice"]
Evidence = Literal["read", "reported", "recalled"]
Clock = Literal["daily", "quarter_hour"]
ROLES = frozenset(
    {"dsl", "deputy_dsl", "head", "chair", "governors", "clerk", "attendance", "senco", "designated_teacher", "provider",
     "local_authority", "data_protection"}
)  # fmt: skip


class Severity(IntEnum):
    """How loud an alert is; only ever upwards while it is open."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def word(self) -> str:
        """low, medium, high or critical."""
        return self.name.lower()

    @classmethod
    def of(cls, word: str) -> "Severity":
        """The severity of a word; raises KeyError."""
        return cls[word.upper()]

    def step_up(self) -> "Severity":
        """One step louder, critical at most."""
        return Severity(min(self + 1, Severity.CRITICAL))


@dataclass(frozen=True)
class Rule:
    """One rule of the book; what each part means stands at the head of the rule book."""

    id: str
    title: str
    looks_at: type[FactKind]
    when: Condition
    subject: str
    severity: Severity
    tell: tuple[str, ...]
    """Roles in order; the first owns the next step."""
    clears: str
    authority: Authority
    source: str
    evidence: Evidence
    says: str
    """The sentence, with {placeholders} from the fact's context."""
    by_person: bool = False
    """It stays until a named person closes it with a reason."""
    steps: Mapping[Severity, Condition] = field(default_factory=dict)
    """Severities reached when more is true."""
    raise_if_vulnerable: bool = False
    clock: Clock = "daily"
    in_force_from: date | None = None
    in_force_to: date | None = None
    regimes: tuple[str, ...] = ()
    under: Under = "other"
    """Which law decides whether the school is bound."""
    good_practice_when: Condition | None = None
    """Where this holds too, a law is shown as good practice."""
    enabled: bool = True
    """Proposed rules are off."""

    def __post_init__(self) -> None:
        """Refuse a declaration that lacks or misnames something."""
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", self.id):
            raise ValueError(f"rule id {self.id!r}: lower-case words joined by hyphens")
        for name in ("title", "clears", "source", "says", "subject"):
            if not getattr(self, name):
                raise ValueError(f"rule {self.id}: {name} is empty")
        if not self.tell or not set(self.tell) <= ROLES:
            raise ValueError(f"rule {self.id}: tell is {self.tell}; allowed: {', '.join(sorted(ROLES))}")
        conditions = [self.when, *self.steps.values(), *([self.good_practice_when] if self.good_practice_when is not None else [])]
        for leaf in (leaf for condition in conditions for leaf in condition.leaves()):
            if leaf.field.kind != self.looks_at.__name__:
                raise ValueError(f"rule {self.id} looks at {self.looks_at.__name__}, not at {leaf.field.kind}")

    def in_force(self, day: date, regime: str | None) -> bool:
        """Whether the duty was in force on the date of the event it judges."""
        return (
            (self.in_force_from is None or day >= self.in_force_from)
            and (self.in_force_to is None or day <= self.in_force_to)
            and (not self.regimes or regime in self.regimes)
        )


def book_hash(rules: Iterable[Rule]) -> str:
    """A hash of all that the rules say, stable from run to run: alerts keep it, so that what judged them is known."""
    lines = []
    for rule in sorted(rules, key=lambda r: r.id):
        steps = {severity.word: condition.words() for severity, condition in rule.steps.items()}
        lines.append(
            "|".join(
                str(part)
                for part in (
                    rule.id, rule.title, rule.looks_at.kind, rule.when.words(), steps, rule.subject, rule.severity.word,
                    rule.tell, rule.clears, rule.by_person, rule.authority, rule.source, rule.evidence,
                    rule.raise_if_vulnerable, rule.clock, rule.in_force_from, rule.in_force_to, rule.regimes, rule.under,
                    rule.good_practice_when.words() if rule.good_practice_when is not None else "", rule.enabled,
                )
            )
        )  # fmt: skip
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
