"""The list of deployments: every flow loads by module, and prefect.yaml says the same."""

from pathlib import Path

import pytest
import yaml

import deployments
from deployments.catalogue import CATALOGUE, LONDON

PREFECT_YAML = Path(deployments.__file__).parent / "prefect.yaml"


@pytest.mark.parametrize("deployed", CATALOGUE, ids=lambda deployed: deployed.name)
def test_every_deployment_bears_its_flows_name(deployed):
    assert deployed.flow().name == deployed.name


def test_the_schedules_are_those_of_the_design():
    assert {deployed.name: deployed.cron for deployed in CATALOGUE if deployed.cron} == {
        "sweep-daily": "0 6 * * *",
        "sweep-quarter-hour": "*/15 * * * *",
        "dispatch-messages": "* * * * *",
        "start-pending": "* * * * *",
    }


def test_prefect_yaml_lists_the_same_deployments():
    listed = yaml.safe_load(PREFECT_YAML.read_text())["deployments"]
    assert [(d["name"], d["entrypoint"], d["description"]) for d in listed] == [
        (deployed.name, deployed.entry, deployed.says) for deployed in CATALOGUE
    ]
    assert [d["schedules"] for d in listed] == [
        [{"cron": deployed.cron, "timezone": LONDON}] if deployed.cron else [] for deployed in CATALOGUE
    ]
