"""The redirect of short links: who opens one is led on, and counted."""

from gateway.web.links.recorder import Recorder
from gateway.web.links.site import LinkSite

__all__ = ["LinkSite", "Recorder"]
