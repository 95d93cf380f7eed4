"""The portal, which waits for a body for three seconds instead of twenty."""

from portal.rsgi import application

# Only now, when the portal is set up, do models load.
from portal.http import bodies  # isort: skip

__all__ = ["application"]

bodies.SECONDS = 3
