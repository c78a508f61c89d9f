"""What Prefect's page shows of a run: tags, log lines, artifacts. References and counts only."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from prefect import get_client, get_run_logger
from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact
from prefect.context import FlowRunContext
from prefect.exceptions import MissingContextError

from offsite.casework.stages.desk import StageWork

Logger = logging.Logger | logging.LoggerAdapter[logging.Logger]


def tags_of(parameters: Mapping[str, Any], stage: str) -> list[str]:
    """placement:REF, school:URN, review:NAME and stage:STAGE, for those the parameters name."""
    about = [f"{name}:{parameters[name]}" for name in ("placement", "school", "review") if parameters.get(name)]
    return [*about, f"stage:{stage}"]


def log() -> Logger:
    """The run's logger; outside of a run, an ordinary one."""
    try:
        return get_run_logger()
    except MissingContextError:
        return logging.getLogger("offsite.flows")


async def tag(parameters: Mapping[str, Any], stage: str) -> None:
    """Give this run its tags, whoever started it."""
    context = FlowRunContext.get()
    if context is None or context.flow_run is None:
        return
    wanted = {*context.flow_run.tags, *tags_of(parameters, stage)}
    if wanted != set(context.flow_run.tags):
        async with get_client() as client:
            await client.update_flow_run(context.flow_run.id, tags=sorted(wanted))


async def show_work(works: Iterable[StageWork]) -> None:
    """Show what the steps of a stage did: in the log, and as one artifact a placement and stage."""
    done = list(works)
    if not done:
        return
    total = sum(done[1:], done[0])
    for line in total.lines:
        log().info("%s: %s", total.placement, line)
    said = [f"- {line}" for line in total.lines] or ["Nothing new: all of it was there already."]
    recorded = f"Recorded as event {total.event} of the chronology." if total.event else "Nothing was recorded."
    await show_text(
        f"{total.stage}-{total.placement}",
        "\n".join([f"# Placement {total.placement}: {total.stage}", "", *said, "", recorded]),
        f"What the {total.stage} stage did for placement {total.placement}",
    )


async def show_text(key: str, markdown: str, description: str) -> None:
    """An artifact of text; nothing outside of a run."""
    if FlowRunContext.get() is not None:
        await acreate_markdown_artifact(markdown=markdown, key=_key(key), description=description)


async def show_table(key: str, rows: Sequence[Mapping[str, Any]], description: str) -> None:
    """An artifact of rows; nothing outside of a run."""
    if FlowRunContext.get() is not None:
        table = [dict(row) for row in rows]
        await acreate_table_artifact(table=table, key=_key(key), description=description)


def _key(words: str) -> str:
    """Lower case, digits and dashes, as Prefect wants it."""
    return "-".join("".join(c if c.isalnum() and c.isascii() else " " for c in words.lower()).split())
