"""How a condition is written: a small typed language over the fields of a fact.

A fact kind declares its fields; a condition compares them, and from it come the durable-rules definition, the plain
predicate and the words of the explanation. What could silently mean something else raises as the module is imported: a
misspelt field, `and`/`or`/`not`, a chained comparison, a field that may be unknown and was not asked for. Two fields
are not compared with each other (durable-rules would need a join): let the facts give their difference.

A field that may be unknown makes a condition three-valued. `certain()` holds where the condition is true whatever the
unknown would turn out to be, `possible()` where it could be: the first is a finding, the second without the first is
"cannot tell". Both are Kleene's, leaf by leaf: of `f >= 1 or f < 1` nothing is certain while `f` is unknown.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Literal, NoReturn

from rules.two_valued import OPPOSITE, Operator, Two, compare

RESERVED = frozenset({"id", "sid", "alias", "items", "define", "matches", "canary", "condition", "found_by"})
"""Field names that durable-rules, its adapter or the explanation of an alert use themselves."""
LARGEST = 2**53
Value = int | bool | str | None
Values = tuple[Value, ...] | Mapping[str, Value]
"""A fact's values in field order, or by field name."""
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


def threshold(value: int, parameter: str) -> Threshold:
    """A number that explanations show with the name of its parameter."""
    return Threshold(value, parameter)


@dataclass(frozen=True, eq=False)
class Field:
    """One field of a fact kind. Units stand in `words` and `unit`."""

    words: str
    shape: Literal["flag", "number", "word"]
    unit: str = ""
    of: tuple[str, ...] = ()
    may_be_unknown: bool = False
    known_by: str = ""
    """The role that can find out, where it may be unknown."""
    name: str = ""
    kind: str = ""
    is_asked: bool = False
    index: int = -1
    """Its place among a fact's values."""
    owner: "type[FactKind] | None" = None

    @property
    def asked(self) -> "Field":
        """The field, used knowing that it may be unknown."""
        if not self.may_be_unknown:
            raise WrongCondition(f"{self.kind}.{self.name} is always known: compare it without .asked")
        return replace(self, is_asked=True)

    @property
    def yes(self) -> "Condition":
        """The flag is set."""
        return self._is("flag", "==", 1)

    @property
    def no(self) -> "Condition":
        """The flag is not set."""
        return self._is("flag", "==", 0)

    def __eq__(self, other: object) -> "Condition":  # type: ignore[override]
        return self._is(self._shape_of(other), "==", other)

    def __ne__(self, other: object) -> "Condition":  # type: ignore[override]
        return self._is(self._shape_of(other), "!=", other)

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

    def __and__(self, other: object) -> NoReturn:
        raise WrongCondition(f"{self.kind}.{self.name} is no condition: ask a flag by .yes or .no, compare the others")

    __or__ = __rand__ = __ror__ = __and__

    def __invert__(self) -> NoReturn:
        raise WrongCondition(f"{self.kind}.{self.name} is no condition: the opposite of a flag is .no")

    def of_values(self, values: Values) -> Value:
        """This field of a fact."""
        return values[self.index] if isinstance(values, tuple) else values[self.name]

    def _shape_of(self, other: object) -> str:
        if self.shape == "flag":
            raise WrongCondition(f"{self.kind}.{self.name} is a flag: ask .yes or .no, do not compare it ({other!r})")
        return "word" if isinstance(other, str) else "number"

    def _is(self, shape: str, operator: Operator, other: object) -> "Condition":
        where = f"{self.kind}.{self.name}"
        if isinstance(other, Field):
            raise WrongCondition(f"{where} {operator} {other.kind}.{other.name}: let the facts give their difference")
        if self.may_be_unknown and not self.is_asked:
            raise WrongCondition(f"{where} may be unknown: ask for it, {where}.asked")
        if shape != self.shape:
            raise WrongCondition(f"{where} is a {self.shape}, it cannot be compared as a {shape} ({other!r})")
        value, parameter = (other.value, other.parameter) if isinstance(other, Threshold) else (other, "")
        if shape == "word" and value not in self.of:
            raise WrongCondition(f"{where} is {value!r}; allowed: {', '.join(self.of)}")
        if shape == "number" and (not isinstance(value, int) or isinstance(value, bool) or abs(value) > LARGEST):
            raise WrongCondition(f"{where} is compared with {value!r}: only whole numbers up to 2**53")
        assert isinstance(value, int | str)
        return Compare(self, operator, value, parameter)


def flag(words: str, *, may_be_unknown: bool = False, known_by: str = "clerk") -> Field:
    """A yes-or-no field. Where it may be unknown, `known_by` is the role that can find out (most often the calendar is
    too short, which the clerk mends)."""
    return Field(words, "flag", may_be_unknown=may_be_unknown, known_by=known_by)


def number(words: str, *, unit: str = "", may_be_unknown: bool = False, known_by: str = "clerk") -> Field:
    """A whole number with its unit; up to 2**53 either way."""
    return Field(words, "number", unit, may_be_unknown=may_be_unknown, known_by=known_by)


def word(words: str, *, of: Sequence[str], may_be_unknown: bool = False, known_by: str = "clerk") -> Field:
    """One of a closed list of ASCII words."""
    if isinstance(of, str) or not of or len(set(of)) != len(of) or not all(map(_printable, of)):
        raise WrongCondition(f"{words}: different printable ASCII words without quotes or backslashes, not {of!r}")
    return Field(words, "word", of=tuple(of), may_be_unknown=may_be_unknown, known_by=known_by)


def _printable(text: str) -> bool:
    return bool(text) and text.isascii() and text.isprintable() and not set(text) & set('"\\')


class _FactKindMeta(type):
    if not TYPE_CHECKING:  # a type checker finds the misspelling itself

        def __getattr__(cls, name: str) -> NoReturn:
            known = ", ".join(field.name for field in cls.__dict__.get("fields", ()))
            raise AttributeError(f"{cls.__name__} has no field {name!r}; it has: {known}")


class FactKind(metaclass=_FactKindMeta):
    """The shape of a kind of fact: its fields, in order. Facts are tuples of values in that order."""

    kind: ClassVar[str] = ""
    fields: ClassVar[tuple[Field, ...]] = ()

    _names: ClassVar[tuple[str, ...]] = ()
    _known: ClassVar[frozenset[str]] = frozenset()

    def __init_subclass__(cls) -> None:
        """Name the fields; refuse what is not free for a name."""
        if any(base.__dict__.get("fields") for base in cls.__mro__[1:]):
            raise WrongCondition(f"{cls.__name__} inherits fields: a kind of fact is declared whole, in one place")
        declared = {name: field for name, field in vars(cls).items() if isinstance(field, Field)}
        for name in declared:
            if name in RESERVED or name.startswith(("has_", "_")) or not name.isascii() or hasattr(FactKind, name):
                raise WrongCondition(f"{cls.__name__}.{name}: durable-rules or we use that name ourselves")
        if not (cls.kind.isascii() and cls.kind.isidentifier()) or not declared:
            raise WrongCondition(f"{cls.__name__} needs a `kind`, one ASCII word, and at least one field")
        for index, (name, field) in enumerate(declared.items()):
            setattr(cls, name, replace(field, name=name, kind=cls.__name__, index=index, owner=cls))
        cls.fields = tuple(getattr(cls, name) for name in declared)
        cls._names = tuple(declared)
        cls._known = frozenset(declared)

    @classmethod
    def values(cls, **given: Value) -> tuple[Value, ...]:
        """A fact's values in field order: every field once, None only where it may be unknown. Raises ValueError."""
        if given.keys() != cls._known:
            missing, unknown = sorted(cls._known - given.keys()), sorted(given.keys() - cls._known)
            raise ValueError(f"{cls.__name__}: missing {missing}, unknown {unknown}")
        values = tuple([given[name] for name in cls._names])
        cls.check(values)
        return values

    @staticmethod
    def pack(*values: Value) -> tuple[Value, ...]:
        """A fact's values given in field order, unchecked: the judge checks them when it first sees them."""
        return values

    @classmethod
    def check(cls, values: tuple[Value, ...]) -> None:
        """Raise ValueError unless `values` are a fact of this kind."""
        if len(values) != len(cls.fields):
            raise ValueError(f"{cls.__name__}: {len(values)} values for {len(cls.fields)} fields")
        for field, value in zip(cls.fields, values, strict=True):
            if not _fits(field, value):
                allowed = "" if field.shape != "word" else f"; allowed: {', '.join(field.of)}"
                raise ValueError(f"{cls.__name__}.{field.name} is {value!r}, which is no {field.shape}{allowed}")

    @classmethod
    def as_mapping(cls, values: tuple[Value, ...]) -> dict[str, Value]:
        """A fact's values by field name."""
        return {field.name: value for field, value in zip(cls.fields, values, strict=True)}


def _fits(field: Field, value: Value) -> bool:
    if value is None:
        return field.may_be_unknown
    if field.shape == "flag":
        return value is True or value is False
    if field.shape == "word":
        return type(value) is str and value in field.of
    return type(value) is int and -LARGEST <= value <= LARGEST


class Condition:
    """A condition over one kind of fact."""

    def __and__(self, other: "Condition") -> "Condition":
        return _combine("and", self, other)

    def __or__(self, other: "Condition") -> "Condition":
        return _combine("or", self, other)

    def __invert__(self) -> "Condition":
        raise NotImplementedError

    def __bool__(self) -> NoReturn:
        raise WrongCondition(
            f"a condition is no truth value ({self.words()}): use & | ~ with each comparison in brackets, "
            "and no chained comparison, `in` or `not`"
        )

    def __eq__(self, other: object) -> NoReturn:  # `a == b == c` by other means
        raise WrongCondition(f"a condition is not compared ({self.words()}): use it as it stands, or ~ it")

    __ne__ = __eq__
    __hash__ = object.__hash__

    def leaves(self) -> "tuple[Compare, ...]":
        """The comparisons in it, in order."""
        raise NotImplementedError

    def evaluate(self, values: Values) -> bool | None:
        """True, false, or None where what is unknown decides."""
        raise NotImplementedError

    def words(self, values: Values | None = None) -> str:
        """In English; with the compared values where given."""
        raise NotImplementedError

    def missing(self, values: Values) -> tuple[str, ...]:
        """Names of the unknown fields for want of which it cannot be told; none where it can."""
        raise NotImplementedError

    @property
    def needs(self) -> tuple[Field, ...]:
        """The fields it looks at that may be unknown, each once."""
        return tuple({leaf.field.name: leaf.field for leaf in self.leaves() if leaf.field.may_be_unknown}.values())

    def certain(self) -> "Two":
        """The two-valued condition that holds where this one is true whatever is unknown."""
        return self.map(lambda leaf: _known(leaf, "and", 1))

    def possible(self) -> "Two":
        """The two-valued condition that holds where this one is true or could be."""
        return self.map(lambda leaf: _known(leaf, "or", 0))

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

    def evaluate(self, values: Values) -> bool | None:
        """True or false, None where the field is unknown."""
        found = self.field.of_values(values)
        return None if found is None else compare(self.operator, found, self.value)

    def words(self, values: Values | None = None) -> str:
        """In English."""
        if self.field.shape == "flag":
            said = self.field.words if (self.operator == "==") == (self.value == 1) else f"not: {self.field.words}"
            shown = "" if values is None or self.field.of_values(values) is not None else " (not known)"
            return said + shown
        unit = f" {self.field.unit}" if self.field.unit else ""
        source = f" [{self.parameter}]" if self.parameter else ""
        here = ""
        if values is not None:
            found = self.field.of_values(values)
            here = f" ({'not known' if found is None else found})"
        return f"{self.field.words}{here} {IN_WORDS[self.operator]} {self.value}{unit}{source}"

    def missing(self, values: Values) -> tuple[str, ...]:
        """The field's name, where it is unknown."""
        return (self.field.name,) if self.field.of_values(values) is None else ()

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

    def evaluate(self, values: Values) -> bool | None:
        """By Kleene's logic: `false and unknown` is false, `true or unknown` is true."""
        found = [part.evaluate(values) for part in self.parts]
        decided = self.joined == "or"
        if any(value is decided for value in found):
            return decided
        return None if any(value is None for value in found) else not decided

    def words(self, values: Values | None = None) -> str:
        """In English."""
        parts = [f"({part.words(values)})" if isinstance(part, Combined) else part.words(values) for part in self.parts]
        return f"{'; and' if self.joined == 'and' else '; or'} ".join(parts)

    def missing(self, values: Values) -> tuple[str, ...]:
        """Names of the unknown fields in those parts that leave it undecided."""
        if self.evaluate(values) is not None:
            return ()
        return tuple(dict.fromkeys(name for part in self.parts for name in part.missing(values)))

    def map(self, change: "Callable[[Compare], Two]") -> "Two":
        """Each part changed."""
        return Two(self.joined, tuple(part.map(change) for part in self.parts))


def _known(leaf: Compare, joined: Literal["and", "or"], known: int) -> Two:
    asked = Two("is", name=leaf.field.name, operator=leaf.operator, value=leaf.value)
    if not leaf.field.may_be_unknown:
        return asked
    return Two(joined, (Two("is", name=f"has_{leaf.field.name}", operator="==", value=known), asked))


def _combine(joined: Literal["and", "or"], one: Condition, other: Condition) -> Condition:
    if not isinstance(other, Condition):
        raise WrongCondition(f"{other!r} is no condition; a flag is asked by .yes or .no")
    kinds = {leaf.field.owner: leaf.field.kind for leaf in (*one.leaves(), *other.leaves())}
    if len(kinds) > 1:
        raise WrongCondition(f"one condition looks at one kind of fact, not at {', '.join(sorted(kinds.values()))}")
    parts: list[Condition] = []
    for condition in (one, other):
        same = isinstance(condition, Combined) and condition.joined == joined
        parts.extend(condition.parts if same and isinstance(condition, Combined) else (condition,))
    return Combined(joined, tuple(parts))
