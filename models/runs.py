"""What ran and what must run: runs of the rules and of the dispatcher, and flows waiting to be started."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base
from models.placement import JsonOrNull
from models.recorded import Instant, Number


class JobRun(Base):
    """One run of a job (sweep_daily, sweep_quarter_hour, dispatch, ...), inserted when it ended.

    The watchdog looks here, not at Prefect, for what is late. `slot` is only an idempotency key; the run judged at
    `judged_at`.
    """

    __tablename__ = "job_run"
    __table_args__ = (Index("ix_job_run_job", "job", "judged_at"),)

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    job: Mapped[str]
    slot: Mapped[datetime] = mapped_column(Instant)
    judged_at: Mapped[datetime] = mapped_column(Instant)
    started_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime] = mapped_column(Instant)
    outcome: Mapped[str]
    """done or failed."""
    counts: Mapped[dict[str, Any] | None] = mapped_column(JsonOrNull)
    """For a sweep: rule -> looked at, found, cleared, could not be told."""


class PendingRun(Base):
    """A flow to be started because of a command, written in the command's transaction."""

    __tablename__ = "pending_run"
    __table_args__ = (UniqueConstraint("key"),)

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    deployment: Mapped[str]
    """flow-name/deployment-name."""
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON)
    key: Mapped[str]
    """Idempotency key: starting twice starts once."""
    not_before: Mapped[datetime] = mapped_column(Instant)
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    flow_run: Mapped[str | None]
