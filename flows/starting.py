"""Start a run of a deployment under an idempotency key: asked twice, Prefect starts it once."""

from collections.abc import Mapping
from typing import Any

from prefect.client.orchestration import PrefectClient

from flows.shown import tags_of

STAGES = {
    "set-up-placement": "setup",
    "agree-objectives": "objectives",
    "governor-review": "review",
    "assess-reintegration": "reintegration",
    "close-placement": "closed",
}
"""The stage each flow works, for its tags."""


async def start_run(client: PrefectClient, deployment: str, parameters: Mapping[str, Any], key: str) -> str:
    """Start a run of `deployment` (flow-name/deployment-name) once for this key; returns the flow run's id.

    Raises prefect's ObjectNotFound where there is no such deployment.
    """
    flow_name = deployment.partition("/")[0]
    found = await client.read_deployment_by_name(deployment)
    started = await client.create_flow_run_from_deployment(
        found.id,
        parameters=dict(parameters),
        idempotency_key=key,
        tags=tags_of(parameters, STAGES.get(flow_name, flow_name)),
    )
    return str(started.id)
