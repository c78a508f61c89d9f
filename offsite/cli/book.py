"""`offsite book`: the rule book as pages, or one rule of it."""

from pathlib import Path
from typing import Annotated

import typer

from offsite.casework.refusals import UnknownName
from offsite.casework.replay.example import examples
from offsite.cli.edge import JsonOption, errors_in_words, out, print_json
from offsite.letters.rulebook import RulePage, as_html, as_markdown, rule_page
from rules.book import BOOK
from rules.rule import book_hash


def book(
    rule: Annotated[str | None, typer.Argument(help="One rule to print; left out, the whole book is written.")] = None,
    to_folder: Annotated[Path, typer.Option("--out", help="Folder for rulebook.md and rulebook.html.")] = Path("docs"),
    as_json: JsonOption = False,
) -> None:
    """Write the rule book, every rule in plain English with its source, or print one rule of it.

    Examples:  offsite book      offsite book --out printed      offsite book location-unknown
    """
    with errors_in_words():
        if rule is not None and rule not in BOOK:
            raise UnknownName("rule", rule, BOOK)
        known, whole = examples(), book_hash(BOOK.values())
        pages = [rule_page(one, known.get(one.id)) for one in BOOK.values() if rule in (None, one.id)]
        if as_json:
            print_json([_document(page) for page in pages])
        elif rule is not None:
            _print(pages[0])
        else:
            to_folder.mkdir(parents=True, exist_ok=True)
            (to_folder / "rulebook.md").write_text(as_markdown(known, whole), encoding="utf-8")
            (to_folder / "rulebook.html").write_text(as_html(known, whole), encoding="utf-8")
            out.print(f"Written: {to_folder / 'rulebook.md'}, {to_folder / 'rulebook.html'}: {len(pages)} rules.",
                      markup=False, highlight=False)  # fmt: skip


def _document(page: RulePage) -> dict[str, object]:
    example = page.example
    shown = None if example is None else {"title": example.title, "happenings": [h._asdict() for h in example.happenings]}
    return {**page._asdict(), "example": shown}


def _print(page: RulePage) -> None:
    def line(text: str, style: str | None = None) -> None:
        out.print(text, style=style, markup=False, highlight=False, soft_wrap=True)

    louder = "; one step louder for a vulnerable pupil" if page.steps_up else ""
    practice = f"; shown as good practice {page.good_practice}" if page.good_practice else ""
    line(f"{page.id}: {page.title}", "bold")
    for name, text in (
        ("It says", page.says),
        ("Arithmetic", page.when),
        ("One for each", page.about),
        ("Severity", page.severity + "".join(f"; {severity} where {when}" for severity, when in page.steps) + louder),
        ("Tells", page.tell),
        ("Clears", page.clears),
        ("Authority", page.authority + practice),
        ("Source", "; before that ".join((f"{page.source} ({page.evidence})", *page.earlier))),
        ("In force", page.force),
        ("Looked at", page.clock),
    ):
        line(f"  {name:13} {text}")
    if page.example is not None:
        line(f"  {'Example':13} {page.example.title} (invented)")
        for happening in page.example.happenings:
            line(f"  {'':13} {happening.when}: {happening.what}", "dim")


COMMANDS = {"book": book}
