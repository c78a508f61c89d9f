"""How a condition is written: a small typed language over the fields of a fact.

A fact kind declares its fields; a condition compares them, and from it come the durable-rules definition, the plain
predicate and the words of the explanation. What could silently mean something else raises as the module is imported: a
misspelt field, `and`/`or`/`not`, a chained comparison, a field that may be unknown and was not asked for.

A field that may be unknown makes a condition three-valued. `certain()` holds where the condition is true whatever the
unknown would turn out to be, `possible()` where it could be: the first is a finding, the second without the first is
"cannot tell".
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, NoReturn

RESERVED = frozenset({"id", "sid", "alias", "items", "define", "matches", "canary"})
LARGEST = 2**53
Value = int | bool | str | None
Operator = Literal["==", "!=", "<", "<=", ">", ">="]
OPPOSITE: Mapping[Operator, Operator] = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
IN_WORDS: Mapping[Operator, str] = {
    "==": "is", "!=": "is not", "<": "is less than", "<=": "is at most", ">": "is more than", ">=": "is at least",
}  # fmt: skip


class WrongCondition(TypeError):
    """A condition that could silently mean something else; raised as the rule book is imported."""


@dataclass(frozen=True)
class Threshold:
    """A number that conditions compare with, and the parameter of the law it comes from."""

    value: int
    parameter: str


@dataclass(frozen=True, eq=False)
class Field:
    """One field of a fact kind. Units stand in `words` and `unit`."""

    words: str
    shape: Literal["flag", "number", "word"]
    unit: str = ""
    of: tuple[str, ...] = ()
    may_be_unknown: bool = False
    name: str = ""
    kind: str = ""
    is_asked: bool = False

    @property
    def asked(self) -> "Field":
        """The field, used knowing that it may be unknown."""
        if not self.may_be_unknown:
            raise WrongCondition(f"{self.kind}.{self.name} is always known: compare it without .asked")
        return Field(self.words, self.shape, self.unit, self.of, True, self.name, self.kind, True)

    @property
    def yes(self) -> "Condition":
        """The flag is set."""
        return self._is("flag", "==", 1)

    @property
    def no(self) -> "Condition":
        """The flag is not set."""
        return self._is("flag", "==", 0)

    def __eq__(self, other: object) -> "Condition":  # type: ignore[override]
        return self._is("word" if isinstance(other, str) else "number", "==", other)

    def __ne__(self, other: object) -> "Condition":  # type: ignore[override]
        return self._is("word" if isinstance(other, str) else "number", "!=", other)

    def __lt__(self, other: "int | Threshold") -> "Condition":
        return self._is("number", "<", other)

    def __le__(self, other: "int | Threshold") -> "Condition":
        return self._is("number", "<=", other)

    def __gt__(self, other: "int | Threshold") -> "Condition":
        return self._is("number", ">", other)

    def __ge__(self, other: "int | Threshold") -> "Condition":
        return self._is("number", ">=", other)

    __hash__ = object.__hash__

    def __bool__(self) -> NoReturn:
        raise WrongCondition(f"{self.kind}.{self.name} is no truth value: write .yes or .no, and & | ~ between conditions")

    def _is(self, shape: str, operator: Operator, other: object) -> "Condition":
        where = f"{self.kind}.{self.name}"
        if self.may_be_unknown and not self.is_asked:
            raise WrongCondition(f"{where} may be unknown: ask for it, {where}.asked")
        if shape != self.shape:
            raise WrongCondition(f"{where} is a {self.shape}, it cannot be compared as a {shape} ({other!r})")
        value, parameter = (other.value, other.parameter) if isinstance(other, Threshold) else (other, "")
        if shape == "word" and value not in self.of:
            raise WrongCondition(f"{where} is {value!r}; allowed: {', '.join(self.of)}")
        if shape == "number" and (not isinstance(value, int) or isinstance(value, bool)):
            raise WrongCondition(f"{where} is compared with {value!r}: only whole numbers")
        assert isinstance(value, int | str)
        return Compare(self, operator, value, parameter)


def flag(words: str, *, may_be_unknown: bool = False) -> Field:
    """A yes-or-no field."""
    return Field(words, "flag", may_be_unknown=may_be_unknown)


def number(words: str, *, unit: str = "", may_be_unknown: bool = False) -> Field:
    """A whole number with its unit; up to 2**53 either way."""
    return Field(words, "number", unit, may_be_unknown=may_be_unknown)


def word(words: str, *, of: Sequence[str]) -> Field:
    """One of a closed list of ASCII words."""
    if not all(text.isascii() and text for text in of):
        raise WrongCondition(f"{words}: only ASCII words, {of!r}")
    return Field(words, "word", of=tuple(of))


class _FactKindMeta(type):
    def __getattr__(cls, name: str) -> NoReturn:
        known = ", ".join(field.name for field in cls.__dict__.get("fields", ()))
        raise AttributeError(f"{cls.__name__} has no field {name!r}; it has: {known}")


class FactKind(metaclass=_FactKindMeta):
    """The shape of a kind of fact: its fields, in order. Facts are tuples of values in that order."""

    kind: ClassVar[str] = ""
    fields: ClassVar[tuple[Field, ...]] = ()

    def __init_subclass__(cls) -> None:
        found = []
        for name, field in list(vars(cls).items()):
            if isinstance(field, Field):
                if name in RESERVED or name.startswith(("has_", "$")) or not name.isascii():
                    raise WrongCondition(f"{cls.__name__}.{name}: durable-rules or we use that name ourselves")
                named = Field(field.words, field.shape, field.unit, field.of, field.may_be_unknown, name, cls.__name__)
                setattr(cls, name, named)
                found.append(named)
        if not cls.kind or not found:
            raise WrongCondition(f"{cls.__name__} needs a `kind` and at least one field")
        cls.fields = tuple(found)

    @classmethod
    def values(cls, **given: Value) -> tuple[Value, ...]:
        """A fact's values in field order: every field once, None only where it may be unknown. Raises ValueError."""
        names = {field.name for field in cls.fields}
        if given.keys() != names:
            raise ValueError(f"{cls.__name__}: missing {sorted(names - given.keys())}, unknown {sorted(given.keys() - names)}")
        values = tuple(given[field.name] for field in cls.fields)
        cls.check(values)
        return values

    @classmethod
    def check(cls, values: tuple[Value, ...]) -> None:
        """Raise ValueError unless `values` are a fact of this kind."""
        if len(values) != len(cls.fields):
            raise ValueError(f"{cls.__name__}: {len(values)} values for {len(cls.fields)} fields")
        for field, value in zip(cls.fields, values, strict=True):
            if not _fits(field, value):
                raise ValueError(f"{cls.__name__}.{field.name} is {value!r}, which is no {field.shape}")

    @classmethod
    def as_mapping(cls, values: tuple[Value, ...]) -> dict[str, Value]:
        """A fact's values by field name."""
        return {field.name: value for field, value in zip(cls.fields, values, strict=True)}


def _fits(field: Field, value: Value) -> bool:
    if value is None:
        return field.may_be_unknown
    if field.shape == "flag":
        return value in (0, 1)
    if field.shape == "word":
        return value in field.of
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST


class Condition:
    """A condition over one kind of fact."""

    def __and__(self, other: "Condition") -> "Condition":
        return _combine("and", self, other)

    def __or__(self, other: "Condition") -> "Condition":
        return _combine("or", self, other)

    def __invert__(self) -> "Condition":
        raise NotImplementedError

    def __bool__(self) -> NoReturn:
        raise WrongCondition("a condition is no truth value: use & | ~ and no chained comparison")

    def leaves(self) -> "tuple[Compare, ...]":
        """The comparisons in it, in order."""
        raise NotImplementedError

    def evaluate(self, values: Mapping[str, Value]) -> bool | None:
        """True, false, or None where what is unknown decides."""
        raise NotImplementedError

    def words(self, values: Mapping[str, Value] | None = None) -> str:
        """In English; with the compared values where given."""
        raise NotImplementedError

    @property
    def needs(self) -> tuple[Field, ...]:
        """The fields it looks at that may be unknown."""
        return tuple(dict.fromkeys(leaf.field for leaf in self.leaves() if leaf.field.may_be_unknown))

    def missing(self, values: Mapping[str, Value]) -> tuple[str, ...]:
        """Words for what is unknown and looked at."""
        unknown = (leaf.field for leaf in self.leaves() if values[leaf.field.name] is None)
        return tuple(dict.fromkeys(field.words for field in unknown))

    def map(self, change: "Callable[[Compare], Two]") -> "Two":
        """The two-valued condition made by changing each comparison."""
        raise NotImplementedError


@dataclass(frozen=True, eq=False)
class Compare(Condition):
    """One comparison of a field with a value."""

    field: Field
    operator: Operator
    value: int | str
    parameter: str = ""

    def __invert__(self) -> Condition:
        return Compare(self.field, OPPOSITE[self.operator], self.value, self.parameter)

    def leaves(self) -> "tuple[Compare, ...]":
        """Itself."""
        return (self,)

    def evaluate(self, values: Mapping[str, Value]) -> bool | None:
        """True or false, None where the field is unknown."""
        found = values[self.field.name]
        return None if found is None else compare(self.operator, found, self.value)

    def words(self, values: Mapping[str, Value] | None = None) -> str:
        """In English."""
        if self.field.shape == "flag":
            said = self.field.words if (self.operator == "==") == (self.value == 1) else f"not: {self.field.words}"
            shown = "" if values is None or values[self.field.name] is not None else " (not known)"
            return said + shown
        unit = f" {self.field.unit}" if self.field.unit else ""
        source = f" [{self.parameter}]" if self.parameter else ""
        here = ""
        if values is not None:
            found = values[self.field.name]
            here = f" ({'not known' if found is None else found})"
        return f"{self.field.words}{here} {IN_WORDS[self.operator]} {self.value}{unit}{source}"

    def map(self, change: "Callable[[Compare], Two]") -> "Two":
        """Itself, changed."""
        return change(self)


@dataclass(frozen=True, eq=False)
class Combined(Condition):
    """Several conditions joined by `and` or by `or`."""

    joined: Literal["and", "or"]
    parts: tuple[Condition, ...]

    def __invert__(self) -> Condition:
        return Combined("or" if self.joined == "and" else "and", tuple(~part for part in self.parts))

    def leaves(self) -> tuple[Compare, ...]:
        """All comparisons in it."""
        return tuple(leaf for part in self.parts for leaf in part.leaves())

    def evaluate(self, values: Mapping[str, Value]) -> bool | None:
        """By Kleene's logic: `false and unknown` is false, `true or unknown` is true."""
        found = [part.evaluate(values) for part in self.parts]
        decided = self.joined == "or"
        if any(value is decided for value in found):
            return decided
        return None if any(value is None for value in found) else not decided

    def words(self, values: Mapping[str, Value] | None = None) -> str:
        """In English."""
        parts = [
            f"({part.words(values)})" if isinstance(part, Combined) else part.words(values) for part in self.parts
        ]
        return f"{'; and' if self.joined == 'and' else '; or'} ".join(parts)

    def map(self, change: "Callable[[Compare], Two]") -> "Two":
        """Each part changed."""
        return Two(self.joined, tuple(part.map(change) for part in self.parts))


@dataclass(frozen=True)
class Two:
    """A two-valued condition over flat facts: a comparison (no parts) or parts joined by `and` or `or`."""

    joined: Literal["and", "or", "is"]
    parts: tuple["Two", ...] = ()
    name: str = ""
    operator: Operator = "=="
    value: int | str = 0


def certain(condition: Condition) -> Two:
    """Holds where the condition is true whatever is unknown."""
    return condition.map(lambda leaf: _known(leaf, "and", 1))


def possible(condition: Condition) -> Two:
    """Holds where the condition is true or could be."""
    return condition.map(lambda leaf: _known(leaf, "or", 0))


def flat(kind: type[FactKind], values: tuple[Value, ...]) -> dict[str, int | str]:
    """A fact as flat whole numbers and words: an unknown field is 0 with `has_` 0 beside it."""
    found: dict[str, int | str] = {}
    for field, value in zip(kind.fields, values, strict=True):
        if field.may_be_unknown:
            found[f"has_{field.name}"] = int(value is not None)
        found[field.name] = value if isinstance(value, str) else int(value or 0)
    return found


def compare(operator: Operator, left: Any, right: Any) -> bool:
    """One comparison."""
    if operator == "==":
        return bool(left == right)
    if operator == "!=":
        return bool(left != right)
    if operator == "<":
        return bool(left < right)
    if operator == "<=":
        return bool(left <= right)
    if operator == ">":
        return bool(left > right)
    return bool(left >= right)


def _known(leaf: Compare, joined: Literal["and", "or"], known: int) -> Two:
    asked = Two("is", name=leaf.field.name, operator=leaf.operator, value=leaf.value)
    if not leaf.field.may_be_unknown:
        return asked
    return Two(joined, (Two("is", name=f"has_{leaf.field.name}", operator="==", value=known), asked))


def _combine(joined: Literal["and", "or"], one: Condition, other: Condition) -> Condition:
    if not isinstance(other, Condition):
        raise WrongCondition(f"{other!r} is no condition; a flag is asked by .yes or .no")
    kinds = {leaf.field.kind for leaf in (*one.leaves(), *other.leaves())}
    if len(kinds) > 1:
        raise WrongCondition(f"one condition looks at one kind of fact, not at {', '.join(sorted(kinds))}")
    parts: list[Condition] = []
    for condition in (one, other):
        same = isinstance(condition, Combined) and condition.joined == joined
        parts.extend(condition.parts if same and isinstance(condition, Combined) else (condition,))
    return Combined(joined, tuple(parts))
