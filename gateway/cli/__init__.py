"""The command ``shopbell``: one file per group of commands; each parses, calls and prints.

What a command needs beyond that it imports when it runs, so that ``--help`` and mistakes in the
words are answered at once.
"""

from gateway.cli.entry import main

__all__ = ["main"]
