"""Rehearsing a command: it is carried out and undone, to say beforehand what would come of it, or why it would be refused."""

from offsite.case.case import Case
from offsite.case.loading import load_cases
from offsite.casework.watch.alerts import Changes
from offsite.casework.watch.rule_runner import NoRules
from offsite.casework.work import Work


class Rehearsed(Exception):
    """A rehearsal came to its end: nothing was refused, and nothing is kept."""

    def __init__(self, case: Case | None) -> None:
        """`case`: of the placement the command is about, as the command would leave it."""
        super().__init__("rehearsed")
        self.case = case


class Rehearsal(NoRules):
    """Stands where the rules would run after a command, and has its transaction undone: raises Rehearsed."""

    def after_command(self, work: Work) -> Changes:
        """Look at what the command would leave."""
        work.session.flush()
        work.forget()
        found = load_cases(work.session, work.school, [work.placement_id]) if work.placement_id is not None else [None]
        raise Rehearsed(found[0])
