"""What every route at `/api` has in common: where it stands, what it may answer with, how parts of an address are checked."""

from typing import Annotated

from fastapi import APIRouter, Path

from offsite.web.api.problems import PROBLEMS

Ref = Annotated[str, Path(min_length=1, max_length=60)]
"""The name of something on record."""


def room(subject: str) -> APIRouter:
    """A router for the routes of one subject. An operation's id in OpenAPI is the name of its function."""
    return APIRouter(prefix="/api", tags=[subject], responses=PROBLEMS, generate_unique_id_function=lambda route: route.name)
