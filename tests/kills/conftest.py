"""How many kills, and with which seed: OFFSITE_KILLS (default 50), OFFSITE_KILLS_SEED (default: a new one each run)."""

import os
import secrets
from random import Random

import pytest


@pytest.fixture(scope="session")
def kills():
    """How often the process is killed."""
    return int(os.environ.get("OFFSITE_KILLS", "50"))


@pytest.fixture(scope="session")
def chance():
    """Chance with a seed that is printed, so that a run can be repeated as far as a machine lets it."""
    seed = int(os.environ.get("OFFSITE_KILLS_SEED", secrets.randbelow(10**6)))
    print(f"OFFSITE_KILLS_SEED={seed}")
    return Random(seed)
