"""What a run is about: opaque references, checked before the run begins, so that no name slips into Prefect."""

from typing import Annotated

from pydantic import Field

from offsite.casework.stages.moments import Moment

OPAQUE = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$"

SchoolUrn = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,20}$")]
"""URN of the school, such as 100001."""
PlacementRef = Annotated[str, Field(pattern=OPAQUE)]
"""Reference of the placement, such as 4F2A-91."""
ReviewRef = Annotated[str, Field(pattern=OPAQUE)]
"""Name of the review, such as r1."""
ReviewMoment = Moment
"""prepare, invite, chase, day or outcome; what was due at an earlier moment is made up for."""
