"""The school's own words in its documents: blocks beside what the law prescribes, never in its place."""

from typing import Literal, NamedTuple, get_args

from models.school import LetterWording
from offsite.case.case import SchoolFile

Block = Literal[
    "letterhead", "notice", "invitation", "outcome", "transport", "meals", "meeting_place", "advice", "closing", "signature"
]


class Bounds(NamedTuple):
    """What a block is for, and how long it may be, so that it never crowds out the rest."""

    what: str
    characters: int
    lines: int


BLOCKS: dict[Block, Bounds] = {
    "letterhead": Bounds("address, telephone and the like, under the school's name on every document", 400, 6),
    "notice": Bounds("words of the school's own in every notice", 1500, 20),
    "invitation": Bounds("words of the school's own in every invitation", 1500, 20),
    "outcome": Bounds("words of the school's own in every outcome", 1500, 20),
    "transport": Bounds("how pupils travel and who pays, where a placement says nothing of its own", 1000, 12),
    "meals": Bounds("what pupils eat at midday, where a placement says nothing of its own", 1000, 12),
    "meeting_place": Bounds("where reviews meet, where a review says nothing of its own", 200, 4),
    "advice": Bounds("the local advice service, with its telephone: a line each", 600, 6),
    "closing": Bounds("words before the signature of every letter", 1000, 12),
    "signature": Bounds("name and office of who signs", 200, 3),
}
assert set(BLOCKS) == set(get_args(Block))


def wrong_with(block: Block, text: str) -> str | None:
    """Why a text cannot stand in a block; None where it can. Signs that hide or turn round what follows are refused."""
    bounds = BLOCKS[block]
    if len(text) > bounds.characters:
        return f"{bounds.characters} characters or fewer in {block}"
    if len(text.splitlines()) > bounds.lines:
        return f"{bounds.lines} lines or fewer in {block}"
    if not all(sign.isprintable() or sign in "\r\n\t" for sign in text):
        return "letters, digits and signs that can be seen"
    return None


def own_words(school: SchoolFile, block: Block) -> tuple[str, ...]:
    """The lines of a block as last worded; none where the school has none."""
    worded = next((row.text for row in reversed(school.rows.of(LetterWording)) if row.block == block), "")
    return tuple(line.strip() for line in worded.splitlines() if line.strip())
