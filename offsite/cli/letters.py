"""`offsite letters`: the letters that were filed, to read, print and send; those that were issued, as they were."""

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import select

from models.encrypted_text import Texts
from models.placement import Document, Placement
from offsite.casework.perform import school_id_of
from offsite.casework.refusals import UnknownName
from offsite.cli.edge import (
    WRONG,
    DataOption,
    JsonOption,
    SchoolOption,
    errors_in_words,
    london,
    opened,
    out,
    print_json,
)
from offsite.letters.pdf import as_pdf
from offsite.views.papers.documents import held_to_its_hash


def letters(
    placement: Annotated[str, typer.Argument(help="A placement's reference.")],
    to: Annotated[Path | None, typer.Option("--to", help="Folder to write them to, as HTML and text.")] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="Write them as PDF too.")] = False,
    data: DataOption = None,
    school: SchoolOption = None,
    as_json: JsonOption = False,
) -> None:
    """List a placement's filed letters, or write them to a folder. They hold detail: print or post them by default.

    A letter that was issued is held against the hash kept then; 1 where one was changed since.

    Example:  offsite letters 4F2A-91 --to letters --pdf
    """
    with errors_in_words():
        if pdf and to is None:
            raise typer.BadParameter("needs a folder: --to FOLDER", param_hint="--pdf")
        here = opened(data)
        with here.database.reading() as session:
            school_id = school_id_of(session, here.urn(school))
            found = session.scalars(
                select(Placement).where(Placement.school_id == school_id, Placement.ref == placement)
            ).first()
            if found is None:
                known = session.scalars(select(Placement.ref).where(Placement.school_id == school_id))
                raise UnknownName("placement", placement, known)
            texts = Texts(session, here.key_file, school_id)
            filed = session.scalars(select(Document).where(Document.placement_id == found.id).order_by(Document.id)).all()
            stand = [held_to_its_hash(session, each, texts.open(each.html, found.pupil_id) or "") for each in filed]
            listed = list(enumerate(zip(filed, stand, strict=True), 1))
            for number, (each, how) in listed if to is not None else ():
                assert to is not None
                name = f"{placement}-{number:02d}-{each.kind}-{each.subject}".replace("/", "-").replace(":", "-")
                _write(to, name, how.html, texts.open(each.text, found.pupil_id) or "", pdf=pdf)
            if as_json:
                print_json([
                    {"kind": each.kind, "subject": each.subject, "drafted": each.recorded_at, "stands": how.state}
                    for each, how in zip(filed, stand, strict=True)
                ])  # fmt: skip
            else:
                for number, (each, how) in listed:
                    said = f"{number:2}  {each.kind} {each.subject}, drafted {london(each.recorded_at)}. {how.says}"
                    style = "bold red" if how.state == "changed" else None
                    out.print(said, style=style, markup=False, highlight=False, soft_wrap=True)
                if not filed:
                    out.print("No letter is filed yet; the flows draft them (offsite serve), and giving one files it.")
        if any(how.state == "changed" for how in stand):
            raise typer.Exit(WRONG)


def _write(folder: Path, name: str, html: str, text: str, *, pdf: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.html").write_text(html, encoding="utf-8")
    (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    if pdf:
        (folder / f"{name}.pdf").write_bytes(as_pdf(html))


COMMANDS = {"letters": letters}
