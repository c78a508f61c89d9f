"""A rule is one declaration: what it looks at, when it speaks, how loud, to whom, until when, and by what right.

A declaration that lacks or misnames something is refused as the book is imported.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from enum import IntEnum
from string import Formatter
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, get_args

from offsite.law.regimes import REGIMES, Under
from rules.language import Condition, FactKind

Authority = Literal["law", "statutory_guidance", "guidance", "local", "design", "proposed", "good_practice"]
Evidence = Literal["read", "reported", "recalled"]
Clock = Literal["daily", "quarter_hour"]
ROLES: Mapping[str, str] = {
    "dsl": "designated safeguarding lead",
    "deputy_dsl": "deputy designated safeguarding lead",
    "head": "head",
    "chair": "chair of governors",
    "governors": "governors",
    "clerk": "clerk",
    "attendance": "attendance lead",
    "senco": "SENCO",
    "designated_teacher": "designated teacher",
    "provider": "provider",
    "local_authority": "local authority officer",
    "data_protection": "data protection officer",
}
"""The roles a rule may tell, and what people call them."""


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


class EarlierLaw(NamedTuple):
    """Where a duty stood before the law that now sets it."""

    until: date
    """Its last day."""
    source: str
    evidence: Evidence


@dataclass(frozen=True, eq=False)
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
    earlier_law: tuple[EarlierLaw, ...] = ()
    """Earliest first."""
    good_practice_when: Condition | None = None
    """Where this holds too, a law is shown as good practice."""
    duty: str | None = None
    """The duty of the statutory clock it watches over, where there is one: its count of days is shown with an alert."""
    due: bool = False
    """It says that something falls due, before another rule says that it was not done."""
    runs_on_after_close: bool = False
    """It goes on when the placement is closed."""
    enabled: bool = True
    """Proposed rules are off."""

    def __post_init__(self) -> None:
        """Refuse a declaration that lacks or misnames something."""
        object.__setattr__(self, "steps", MappingProxyType(dict(self.steps)))
        if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", self.id):
            raise ValueError(f"rule id {self.id!r}: lower-case words joined by hyphens")
        for name in ("title", "clears", "source", "says", "subject"):
            if not getattr(self, name).strip():
                raise ValueError(f"rule {self.id}: {name} is empty")
        if not all(name.isidentifier() for name in self.placeholders):
            raise ValueError(f"rule {self.id}: says has {sorted(self.placeholders)}; a placeholder is one plain name")
        self._names_what_is_known()
        self._looks_at_one_kind()

    @property
    def placeholders(self) -> frozenset[str]:
        """What the sentence needs from a fact's context."""
        return frozenset(name for _, name, _, _ in Formatter().parse(self.says) if name is not None)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """All conditions it is declared with, `when` first."""
        extra = () if self.good_practice_when is None else (self.good_practice_when,)
        return (self.when, *self.steps.values(), *extra)

    def stood_in(self, day: date) -> tuple[str, str]:
        """The duty's source on a day, and how well that source is known."""
        earlier = next((law for law in self.earlier_law if day <= law.until), None)
        return (self.source, self.evidence) if earlier is None else (earlier.source, earlier.evidence)

    def known_by(self, missing: Iterable[str]) -> str:
        """The role that can find out what was missing (words of fields); else the first the rule tells."""
        wanted = set(missing)
        return next((field.known_by for field in self.looks_at.fields if field.words in wanted), self.tell[0])

    def in_force(self, day: date, regime: str | None) -> bool:
        """Whether the duty was in force on the date of the event it judges."""
        return (
            (self.in_force_from is None or day >= self.in_force_from)
            and (self.in_force_to is None or day <= self.in_force_to)
            and (not self.regimes or regime in self.regimes)
        )

    def _names_what_is_known(self) -> None:
        known: Mapping[str, tuple[tuple[object, ...], Iterable[object]]] = {
            "severity": ((self.severity, *self.steps), Severity),
            "tell": (tuple(self.tell), ROLES),
            "authority": ((self.authority,), get_args(Authority)),
            "evidence": ((self.evidence,), get_args(Evidence)),
            "clock": ((self.clock,), get_args(Clock)),
            "under": ((self.under,), get_args(Under)),
            "regimes": (tuple(self.regimes), [regime.id for regime in REGIMES]),
        }
        for name, (given, allowed) in known.items():
            if not set(given) <= set(allowed):
                choice = ", ".join(sorted(map(str, allowed)))
                raise ValueError(f"rule {self.id}: {name} is {getattr(self, name)!r}; allowed: {choice}")
        if not self.tell or len(set(self.tell)) < len(self.tell):
            raise ValueError(f"rule {self.id}: tell is {self.tell}; somebody, and nobody twice")
        if any(step <= self.severity for step in self.steps):
            raise ValueError(f"rule {self.id}: a step is no louder than {self.severity.word}")
        if self.in_force_from and self.in_force_to and self.in_force_from > self.in_force_to:
            raise ValueError(f"rule {self.id}: in force from {self.in_force_from} to {self.in_force_to}")

    def _looks_at_one_kind(self) -> None:
        for condition in self.conditions:
            if not isinstance(condition, Condition):
                raise ValueError(f"rule {self.id}: {condition!r} is no condition")
            for leaf in condition.leaves():
                if leaf.field.owner is not self.looks_at:
                    raise ValueError(f"rule {self.id} looks at {self.looks_at.__name__}, not at {leaf.field.kind}")


def book_hash(rules: Iterable[Rule]) -> str:
    """A hash of all that the rules and their kinds of facts say, the same from run to run and in any order: alerts keep
    it, so that what judged them is known."""
    declared = [{part.name: getattr(rule, part.name) for part in fields(rule)} for rule in sorted(rules, key=_id)]
    return hashlib.sha256(json.dumps(declared, sort_keys=True, default=_plain).encode()).hexdigest()


def _id(rule: Rule) -> str:
    return rule.id


def _plain(part: object) -> Any:
    """A part of a declaration as JSON can say it."""
    if isinstance(part, Condition):
        two = [part.certain(), part.possible()]
        return [part.words(), *map(repr, two)]
    if isinstance(part, Mapping):
        return {str(int(key)): value for key, value in part.items()}
    if isinstance(part, date):
        return part.isoformat()
    if isinstance(part, type) and issubclass(part, FactKind):
        return [part.kind, [(f.name, f.shape, f.words, f.unit, f.of, f.may_be_unknown) for f in part.fields]]
    raise TypeError(f"{part!r} has no place in a declaration")
