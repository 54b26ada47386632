"""Models on disk: what is written, what is read back, and what is refused.

`save` writes a model with its card, `load` reads it or says in one sentence why not. A file is
taken as a stranger's letter: its types are read before anything is made of it, and only those of
`scoring.files.allowed` are made.
"""

from scoring.files.card import Bin, Metric, ModelCard, reliability
from scoring.files.digest import digest_of
from scoring.files.store import load, read_card, save

__all__ = ["Bin", "Metric", "ModelCard", "digest_of", "load", "read_card", "reliability", "save"]
