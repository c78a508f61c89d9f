"""The routes at `/api`, a file a subject. A new file with a `router` is served without being listed anywhere."""

from importlib import import_module
from pkgutil import iter_modules

from fastapi import APIRouter

ROOMS: tuple[APIRouter, ...] = tuple(import_module(f"{__name__}.{module.name}").router for module in iter_modules(__path__))
