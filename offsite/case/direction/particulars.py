"""What a notice tells of the placement, as it stood at an instant (SI 2010/1156 reg 3(4))."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from models.provider import ProviderDetails, Site
from offsite.case.case import Case
from offsite.case.direction.terms import terms_at


def particulars(case: Case, at: datetime) -> Mapping[str, Any]:
    """Address, session times, person to report to, start and number of days, by their names in words.

    The days are those of the direction itself: a review's decision to continue is no part of them.
    """
    then = terms_at(case, at)
    sites = [row for row in case.provider.rows.of(Site) if row.ref == then.site and row.happened_at <= at]
    details = [row for row in case.provider.rows.of(ProviderDetails) if row.happened_at <= at and row.from_day <= then.start]
    own = details[-1].sessions if details else None
    return {
        "the address": then.address or (sites[-1].address if sites else then.site),
        "the session times": then.session_times or own or case.school.details_on(then.start).sessions,
        "the person to report to": then.report_to,
        "the start": then.start,
        "the number of days": then.days,
    }
