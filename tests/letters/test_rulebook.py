"""The book as pages: the one checked in is the one the declarations make, and nothing a reader needs is left out."""

from html import unescape
from pathlib import Path

from typer.testing import CliRunner

from offsite.casework.replay.example import examples
from offsite.cli.main import SUBJECTS, put_together
from offsite.letters.rulebook import as_html, as_markdown
from rules.book import BOOK
from rules.rule import book_hash

app = put_together(*SUBJECTS)

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_checked_in_is_what_the_book_says():
    written = as_markdown(examples(), book_hash(BOOK.values()))
    assert (DOCS / "rulebook.md").read_text(encoding="utf-8") == written, "run `offsite book`"


def test_the_printable_page_says_all_of_every_rule():
    page = unescape(as_html(examples(), book_hash(BOOK.values())))
    for rule in BOOK.values():
        for part in (rule.id, rule.title, rule.source, rule.clears, rule.when.words()):
            assert part in page, (rule.id, part)
    assert page.count("<dt>Example</dt>") == len(BOOK)
    assert "{" not in page.split("</style>")[1]


def test_the_book_is_written_and_one_rule_is_printed(tmp_path):
    run = CliRunner().invoke
    assert run(app, ["book", "--out", str(tmp_path)]).exit_code == 0
    assert sorted(file.name for file in tmp_path.iterdir()) == ["rulebook.html", "rulebook.md"]
    assert "designated safeguarding lead, attendance lead, head" in run(app, ["book", "location-unknown"]).output
    refused = run(app, ["book", "location-unkown"])
    assert refused.exit_code == 3 and "location-unknown" in refused.output
