"""`offsite letters`: the drafts that the flows filed, to read, print and send."""

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import select

from models.encrypted_text import Texts
from models.placement import Document, Placement
from offsite.casework.perform import school_id_of
from offsite.casework.refusals import UnknownName
from offsite.cli.edge import DataOption, JsonOption, SchoolOption, errors_in_words, london, opened, out, print_json


def letters(
    placement: Annotated[str, typer.Argument(help="A placement's reference.")],
    to: Annotated[Path | None, typer.Option("--to", help="Folder to write them to, as HTML and text.")] = None,
    data: DataOption = None,
    school: SchoolOption = None,
    as_json: JsonOption = False,
) -> None:
    """List a placement's drafted letters, or write them to a folder. They hold detail: print or post them by default.

    Example:  offsite letters 4F2A-91 --to letters
    """
    with errors_in_words():
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
            drafts = session.scalars(select(Document).where(Document.placement_id == found.id).order_by(Document.id)).all()
            if as_json:
                print_json([{"kind": d.kind, "subject": d.subject, "drafted": d.recorded_at} for d in drafts])
            for number, draft in enumerate(drafts, 1):
                if to is not None:
                    to.mkdir(parents=True, exist_ok=True)
                    name = f"{placement}-{number:02d}-{draft.kind}-{draft.subject}".replace("/", "-").replace(":", "-")
                    (to / f"{name}.html").write_text(texts.open(draft.html, found.pupil_id) or "", encoding="utf-8")
                    (to / f"{name}.txt").write_text(texts.open(draft.text, found.pupil_id) or "", encoding="utf-8")
                if not as_json:
                    out.print(f"{number:2}  {draft.kind} {draft.subject}, drafted {london(draft.recorded_at)}",
                              markup=False, highlight=False)  # fmt: skip
            if not drafts and not as_json:
                out.print("No letter is drafted yet; the flows draft them (offsite serve).")


COMMANDS = {"letters": letters}
