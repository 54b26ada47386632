"""Every time limit of a modem's dialogue, in seconds, with its reason."""

from __future__ import annotations

from typing import Final

COMMAND: Final = 5.0
"""A command that only asks the modem itself; the slowest seen answer within 2."""

SIM_COMMAND: Final = 10.0
"""A command that reads the SIM, which is slow in the first minute after power-up."""

SLOW_COMMAND: Final = 30.0
"""A command for which the modem goes through a whole storage or changes its radio state."""

NETWORK_SELECTION: Final = 180.0
"""AT+COPS=0, in which the modem may go through every band."""

PROMPT: Final = 10.0
"""From AT+CMGS to its prompt; a modem that is busy receiving takes some seconds."""

REFERENCE_SETTLES: Final = 2.0
"""From +CMGS to its OK. Some modems never write that OK; the reference alone is proof."""

INFORMATION_SETTLES: Final = 1.0
"""From an answer's line to its OK, for the commands whose OK some modems leave out."""

INFORMATION_SETTLES_SOON: Final = 0.3
"""The same, on a modem that is known to leave this very OK out."""

PROBE: Final = 1.0
"""One AT, which every modem answers at once when it answers at all. One that was seen to answer
later is given the time of a command; a booting one swallows it, so that it is repeated soon."""

ASLEEP: Final = 5.0
"""Silence after which some modems swallow the first command (MODEMS.md 1.11)."""

QUIET: Final = 0.03
"""Silence after which an answer to the start's ESC is no longer expected."""

QUIET_AFTER_SILENCE: Final = 0.3
"""Silence after which a late answer is no longer expected, once a modem was seen to be late."""

PACE: Final = 2.0
"""Times the modem's own time to answer; not seconds."""

TICK: Final = 0.001
"""The shortest pause; below it a clock may not move on."""

DRAIN: Final = 2.0
"""A modem that talks all the time is no longer waited for to be quiet."""

RECOVERY: Final = 12.0
"""From the first ESC until a modem that does not answer counts as lost and is opened anew."""

USSD_COMMAND: Final = 15.0
"""From AT+CUSD to its OK, which some modems keep back until the network has answered."""

USSD_ANSWER: Final = 60.0
"""From a request to the network's text, in a form that the modem is known to understand."""

USSD_TRIAL: Final = 30.0
"""The same in a form that it may not understand; most networks answer within 5."""

USSD_AFTER_END: Final = 10.0
"""From a +CUSD without a text that ends a session to a text that comes all the same."""

USSD_QUIET: Final = 1.0
"""Silence after which a text is complete; some come in pieces (MODEMS.md 7.6)."""

CLOSE: Final = 5.0
"""For closing a port; the kernel may hold a dead stick for 30, in a thread of its own."""

DRAIN_AT_END: Final = 2.0
"""For handing over what was already read, when the gateway stops."""
