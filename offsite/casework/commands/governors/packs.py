"""The pack of a review: built by the clerk from the record as it stands, and kept as it was filed for the governors."""

from functools import partial
from typing import ClassVar

from offsite.casework.command import handles
from offsite.casework.commands.governors.reviews import OfReview, not_held
from offsite.casework.issuing import Issue, keep_as_issued
from offsite.casework.refusals import Refused
from offsite.casework.work import Work
from offsite.letters.packs.review_pack import draft_review_pack

GOVERNORS = "governors"
"""For whom it is filed: one pack for all of them, which leaves out what is raised against anybody."""


class BuildPack(OfReview):
    """Draft the pack of a review from the record as it stands, and file it for the governors: they read it as it is kept."""

    now_only: ClassVar[bool] = True

    def edits(self) -> None:  # type: ignore[override]
        """Nothing: the newest pack is read, and the earlier ones stay."""


@handles(BuildPack)
def build_pack(command: BuildPack, work: Work) -> None:
    """Refused where the review was held or cancelled, and where a text cannot be read: then there is nothing to file."""
    case, _ = not_held(work, command.review)
    pack = partial(draft_review_pack, case, command.review, work.texts, work.happened_at)
    keep_as_issued(work, case, [Issue("review_pack", command.review, [GOVERNORS], pack)])
    if not work.kept:
        raise Refused("the pack was not built: a text in it cannot be read. `offsite doctor` says why.", field="review")
