"""The portal, but it waits three seconds for a body instead of twenty."""

from portal.rsgi import application

# Imported here because models cannot load until the portal is set up.
from portal.http import bodies  # isort: skip

__all__ = ["application"]

bodies.SECONDS = 3
