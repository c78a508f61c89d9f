"""A document in plain text, made from its HTML, so that both say the same: to read in a terminal, to paste into a message."""

from html.parser import HTMLParser

UNSAID = frozenset({"head", "svg"})
"""Elements whose text is no part of what a document says: a chart's words stand beside it."""
PARAGRAPHS = frozenset({"p", "figcaption"})
HEADINGS = frozenset({"h1", "h2", "h3"})


def as_text(html: str) -> str:
    """Headings, paragraphs, lists and tables, a line each; a row of a table headed by a name reads "name: value"."""
    reader = _Reader()
    reader.feed(html)
    return "\n".join(reader.lines).strip("\n") + "\n"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._said: list[str] = []
        self._unsaid = 0
        self._lists: list[int | None] = []
        """For each list that is open, the number of its last item; None where items have no numbers."""
        self._row: list[tuple[str, str]] | None = None
        """The cells of a row so far: element and text."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNSAID:
            self._unsaid += 1
        elif tag == "br":
            self._said.append("\n")
        elif tag == "tr":
            self._row = []
        elif tag in ("ul", "ol"):
            self._lists.append(0 if tag == "ol" else None)
        elif tag == "footer":
            self.lines += ["", "----"]
        elif self._row is None and tag in (*PARAGRAPHS, *HEADINGS, "li"):
            self._said.clear()

    def handle_endtag(self, tag: str) -> None:
        if tag in UNSAID:
            self._unsaid -= 1
        elif tag in ("th", "td") and self._row is not None:
            self._row.append((tag, self._taken()))
        elif tag == "tr" and self._row is not None:
            self.lines.append(_row(self._row))
            self._row = None
        elif tag in ("ul", "ol"):
            self._lists.pop()
        elif self._row is not None:
            self._said.append(" ")
        elif tag in HEADINGS:
            said = self._taken()
            self.lines += ["", said.upper() if tag == "h1" else said]
        elif tag == "li":
            self.lines.append(f"{self._mark()} {self._taken()}")
        elif tag in PARAGRAPHS:
            self.lines += self._taken().split("\n")

    def handle_data(self, data: str) -> None:
        if not self._unsaid:
            self._said.append(data.replace("\n", " "))

    def _taken(self) -> str:
        lines = [" ".join(line.split()) for line in "".join(self._said).split("\n")]
        self._said.clear()
        return "\n".join(line for line in lines if line)

    def _mark(self) -> str:
        number = self._lists[-1]
        if number is None:
            return "-"
        self._lists[-1] = number + 1
        return f"{number + 1}."


def _row(cells: list[tuple[str, str]]) -> str:
    texts = [text for _, text in cells]
    if [tag for tag, _ in cells] == ["th", "td"]:
        return f"{texts[0]}:\n{texts[1]}" if "\n" in texts[1] else f"{texts[0]}: {texts[1]}"
    return " | ".join(text.replace("\n", "; ") for text in texts)
