"""The end of a record: erasing it when its time has come, or keeping it with a reason."""

from datetime import date
from typing import Literal

from sqlalchemy import select

from models.attendance import Mark
from models.pupil import RecordErased, RecordHold, TextKey
from offsite.case.case import PupilFile
from offsite.case.retention import years_on
from offsite.case.settings import setting
from offsite.casework.command import Command, Ref, Text, handles
from offsite.casework.refusals import Refused
from offsite.casework.work import Work

RecordClass = Literal["register", "pupil", "safeguarding"]


class OfRecord(Command):
    """A command about one class of a pupil's records."""

    after_close = True

    pupil: Ref
    class_: RecordClass
    reason: Text

    model_config = {**Command.model_config, "alias_generator": lambda name: name.rstrip("_")}

    def edits(self) -> str:
        """The record."""
        return f"record {self.pupil} {self.class_}"


class KeepRecord(OfRecord):
    """Keep a class of a pupil's records past its day: a hold."""


@handles(KeepRecord)
def keep_record(command: KeepRecord, work: Work) -> None:
    """Any number of times."""
    pupil = work.pupil(command.pupil)
    work.add(RecordHold(pupil_id=pupil.id, record_class=command.class_, reason=work.seal(command.reason)))


class EraseRecord(OfRecord):
    """Erase a class of a pupil's records: the key to its texts is destroyed, the chain of events stays whole."""


@handles(EraseRecord)
def erase_record(command: EraseRecord, work: Work) -> None:
    """Refused before its day, where that cannot be told, and where it is kept."""
    pupil = work.pupil(command.pupil)
    if any(row.record_class == command.class_ for row in pupil.rows.of(RecordHold)):
        raise Refused(f"the {command.class_} record of {command.pupil} is kept; a hold is set.", field="class")
    due = retention_day(work, pupil, command.class_)
    if work.day < due:
        raise Refused(
            f"the {command.class_} record of {command.pupil} is kept until {due:%-d %B %Y}; it cannot be erased before.",
            field="class",
        )
    work.add(RecordErased(pupil_id=pupil.id, record_class=command.class_, reason=None))
    if command.class_ != "register":
        for key in work.session.scalars(select(TextKey).where(TextKey.pupil_id == pupil.id)):
            key.wrapped = None


def retention_day(work: Work, pupil: PupilFile, class_: str) -> date:
    """The day a class of records may be erased: entries of registers after six years (SI 2024/208 reg 7), pupil and
    safeguarding records on the 25th birthday unless set otherwise."""
    if class_ == "register":
        years = setting(work.school, "register_years", work.day)
        last = work.session.scalar(select(Mark.day).where(Mark.pupil_id == pupil.id).order_by(Mark.day.desc()).limit(1))
        return years_on(last, years) if last else work.day
    born = pupil.details.born
    if born is None:
        raise Refused(f"pupil is {pupil.ref!r}, whose birth date is not known, so the day cannot be told.", field="pupil")
    return years_on(born, setting(work.school, "retention_age", work.day))
