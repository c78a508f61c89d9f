"""Governor review: at each of its moments, draft what must be sent and open what must be done.

Each moment's work looks at what is recorded, so a moment that was missed is made up for by the next, and none of them
does anything twice. A review is set, an invitation sent, a meeting held, an outcome given by a person's command alone.
"""

from collections.abc import Callable
from datetime import datetime

from models.database import Database
from models.encrypted_text import KeyFile
from offsite.case.case import Case
from offsite.case.direction.served import invitations_served, outcome_served
from offsite.case.direction.terms import closed
from offsite.case.governors.next_review import review_by_after
from offsite.case.governors.reviews import ReviewFile, reviews
from offsite.casework.refusals import UnknownName
from offsite.casework.stages.days import or_none
from offsite.casework.stages.desk import Desk, Drafting, StageWork, at_desk, read_case
from offsite.casework.stages.moments import Moment, reached
from offsite.law import clock
from offsite.letters.packs.review_pack import draft_review_pack
from offsite.letters.prescribed.invitation import draft_invitation
from offsite.letters.prescribed.outcome import GOES_ON, draft_outcome

STAGE = "review"


def govern_review(
    database: Database,
    key_file: KeyFile,
    urn: str,
    placement: str,
    review: str,
    at: datetime,
    moment: Moment | None = None,
) -> StageWork:
    """Do the work of every moment that has come, and of all up to `moment`; each in a transaction of its own."""
    done = StageWork(placement, STAGE)
    meeting = find(read_case(database, urn, placement), review)
    for each in reached(meeting.meets_on, at, moment):
        done += work_moment(database, key_file, urn, placement, review, each, at)
    return done


def work_moment(
    database: Database, key_file: KeyFile, urn: str, placement: str, review: str, moment: Moment, at: datetime
) -> StageWork:
    """Do the work of one moment; nothing where the review was cancelled."""
    return at_desk(database, key_file, urn, placement, STAGE, at, lambda desk: moment_work(desk, review, moment))


def moment_work(desk: Desk, review: str, moment: Moment) -> None:
    """The work of one moment of a review. Raises UnknownName."""
    meeting = find(desk.case, review)
    if not meeting.cancelled:
        WORK[moment](desk, meeting)


def find(case: Case, review: str) -> ReviewFile:
    """The review by name; raises UnknownName."""
    known = {found.name: found for found in reviews(case)}
    if review not in known:
        raise UnknownName("review", review, known)
    return known[review]


def prepare(desk: Desk, meeting: ReviewFile) -> None:
    """Two weeks before: have the board's representative named."""
    if meeting.state == "scheduled":
        desk.task("nominate", meeting.name, clock.invitations(meeting.meets_on).due)


def invite(desk: Desk, meeting: ReviewFile) -> None:
    """Ten days before: draft an invitation for each invitee who has none, and the pack of the meeting."""
    case = desk.case
    if meeting.state != "scheduled" or closed(case):
        return
    for kind in not_invited(case, meeting):
        desk.letter("invitation", f"{meeting.name} {kind}", _invitation(case, meeting.name, kind, desk.at))
    desk.task("invite", meeting.name, clock.invitations(meeting.meets_on).due)
    desk.letter("review_pack", meeting.name, lambda texts, head: draft_review_pack(case, meeting.name, texts, desk.at, head))


def _invitation(case: Case, review: str, kind: str, at: datetime) -> Drafting:
    return lambda texts, head: draft_invitation(case, review, kind, texts, at, head)


def chase(desk: Desk, meeting: ReviewFile) -> None:
    """The day before the limit: name each invitee who still has no invitation."""
    if meeting.state == "scheduled":
        for kind in not_invited(desk.case, meeting):
            desk.task("chase_invitation", f"{meeting.name} {kind}", clock.invitations(meeting.meets_on).due)


def on_the_day(desk: Desk, meeting: ReviewFile) -> None:
    """On the day: have the meeting held and minuted, and the decision recorded."""
    desk.task("hold_review", meeting.name, meeting.meets_on)
    desk.task("decide", meeting.name, clock.decision(meeting.met_on).due)


def outcome(desk: Desk, meeting: ReviewFile) -> None:
    """After the meeting: draft the outcome once there is a decision, and propose what comes next."""
    on_the_day(desk, meeting)
    case, decided = desk.case, meeting.decision
    if meeting.held is None or decided is None:
        return
    limit = clock.outcome(meeting.met_on).due
    amended = bool(meeting.outcomes) and meeting.outcomes[-1].happened_at < decided.happened_at
    if amended or outcome_served(case, meeting.name, limit or meeting.met_on).missing:
        desk.letter("outcome", meeting.name, lambda texts, head: draft_outcome(case, meeting.name, texts, desk.at, head))
    desk.task("notify_outcome", meeting.name, limit)
    if decided.decision in GOES_ON:
        desk.task("schedule_review", meeting.name, or_none(lambda: review_by_after(case, meeting.met_on)))
    elif decided.decision == "reintegrate":
        desk.task("plan_return", meeting.name, None)
    else:
        desk.task("close_placement", meeting.name, None)


WORK: dict[Moment, Callable[[Desk, ReviewFile], None]] = {
    "prepare": prepare,
    "invite": invite,
    "chase": chase,
    "day": on_the_day,
    "outcome": outcome,
}


def not_invited(case: Case, meeting: ReviewFile) -> list[str]:
    """The kinds of invitee who must be invited and have no invitation on record."""
    limit = clock.invitations(meeting.meets_on).due or meeting.meets_on
    return invitations_served(case, meeting.name, limit).missing
