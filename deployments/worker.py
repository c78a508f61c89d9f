"""The worker of `offsite serve`: runs every deployment's runs inside one long-lived process.

Prefect's own runner starts a process a run, three seconds each; ours dispatches each minute and sweeps each quarter of an
hour, so it runs them where everything is loaded already. It polls, claims a run by proposing Pending, and runs it; a run it
does not get to is late, and the next poll finds it. Late runs of a schedule are collapsed into the newest.
"""

import asyncio
import contextlib
import logging
import signal
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from prefect import get_client
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas import OrchestrationResult
from prefect.client.schemas.objects import FlowRun
from prefect.flow_engine import run_flow_async
from prefect.states import Cancelled, Pending
from prefect.types.entrypoint import EntrypointType

from deployments.catalogue import CATALOGUE, Deployed

POLL_SECONDS = 2.0
AT_ONCE = 3
"""Runs at the same time."""
STOPPING_SECONDS = 20.0
"""How long a stop waits for runs that have begun; what is cut off is done again, since every step may run twice."""

log = logging.getLogger("offsite.worker")


async def register(catalogue: tuple[Deployed, ...] = CATALOGUE) -> dict[UUID, Deployed]:
    """Enter or update every deployment at the server; returns them by their id there."""
    found = {}
    for deployed in catalogue:
        made = await deployed.flow().ato_deployment(
            name=deployed.name,
            schedule=deployed.schedule,
            description=deployed.says,
            tags=["offsite"],
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
        found[await made.aapply()] = deployed
    return found


async def start_what_waits() -> None:
    """Have the intake run at once after a start, not at the next full minute."""
    async with get_client() as client:
        found = await client.read_deployment_by_name("start-pending/start-pending")
        await client.create_flow_run_from_deployment(found.id)


class Worker:
    """Polls for due runs of some deployments and runs them here."""

    def __init__(self, deployments: dict[UUID, Deployed]) -> None:
        """`deployments` as `register` returned them."""
        self.deployments = deployments
        self.stopping = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(AT_ONCE)

    async def work(self) -> None:
        """Work until `stopping` is set; then let what has begun end."""
        async with get_client() as client:
            while not self.stopping.is_set():
                try:
                    await self.poll(client)
                except Exception as failure:  # the server may be restarting: say so, and poll again
                    log.warning("polling failed: %s", type(failure).__name__)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.stopping.wait(), POLL_SECONDS)
            if self._running:
                await asyncio.wait(self._running, timeout=STOPPING_SECONDS)

    async def poll(self, client: PrefectClient) -> int:
        """Claim and start every run that is due; returns how many."""
        due = await client.get_scheduled_flow_runs_for_deployments(list(self.deployments), scheduled_before=datetime.now(UTC))
        by_deployment: dict[UUID, list[FlowRun]] = defaultdict(list)
        for run in due:
            if run.deployment_id is not None:
                by_deployment[run.deployment_id].append(run)
        started = 0
        for deployment_id, runs in by_deployment.items():
            deployed = self.deployments[deployment_id]
            runs.sort(key=lambda run: run.next_scheduled_start_time or run.expected_start_time or datetime.now(UTC))
            if deployed.collapses:
                for late in runs[:-1]:
                    await client.set_flow_run_state(
                        late.id, Cancelled(name="Skipped", message="a later run makes up for it"), force=True
                    )
                runs = runs[-1:]
            for run in runs:
                started += await self._claim(client, deployed, run)
        return started

    async def _claim(self, client: PrefectClient, deployed: Deployed, run: FlowRun) -> bool:
        answer: OrchestrationResult[Any] = await client.set_flow_run_state(run.id, Pending())
        if answer.state is None or not answer.state.is_pending():
            return False
        task = asyncio.create_task(self._run(client, deployed, run.id), name=str(run.id))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return True

    async def _run(self, client: PrefectClient, deployed: Deployed, run_id: UUID) -> None:
        async with self._room:
            run = await client.read_flow_run(run_id)
            try:
                await run_flow_async(deployed.flow(), flow_run=run, parameters=dict(run.parameters), return_type="state")
            except Exception as failure:  # its own state says so too; the watchdog sees what did not finish
                log.error("run %s of %s failed: %s", run_id, deployed.name, type(failure).__name__)


async def main() -> None:
    """Register everything, then work until told to stop."""
    worker = Worker(await register())
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signum, worker.stopping.set)
    await start_what_waits()
    print("worker: ready", flush=True)
    await worker.work()


if __name__ == "__main__":
    asyncio.run(main())
