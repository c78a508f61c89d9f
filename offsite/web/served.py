"""The application as a server loads it: fast, so that the first page is there in time."""

import gc

from starlette.types import ASGIApp


def create() -> ASGIApp:
    """The pages of the installation OFFSITE_DATA names.

    What is made while they load stays for good. To look for garbage among it takes a third of the time of loading, and time
    again at every later search: so none is looked for until all is loaded, and then it is set aside.
    """
    gc.disable()
    try:
        from offsite.web.app import create as load

        return load()
    finally:
        gc.freeze()
        gc.enable()
