"""When will it all be out, over which lines, and what does it cost? The queue played ahead. Pure.

It plays the rules by which messages really go out, and not a formula of its own: the fair shares of
the desk, the router, the limits of lines and those they share, and the hours of the recipients.
"""

from gateway.dispatch.forecast.crowd import Crowd, Hours
from gateway.dispatch.forecast.outcome import Played, Share
from gateway.dispatch.forecast.play import play
from gateway.dispatch.forecast.runner import Runner

__all__ = ["Crowd", "Hours", "Played", "Runner", "Share", "play"]
