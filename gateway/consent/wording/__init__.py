"""The linter of templates and texts: does a text say what it must, and nothing that it may not?

Pure: `judge` takes a `Draft` and returns findings, with what the text takes. The words of the
languages are data in ``gateway/policy/wording``, links in ``gateway/policy/links.toml``.
"""

from gateway.consent.wording.draft import Asks, Draft, Kind
from gateway.consent.wording.finding import Finding, Severity, Span
from gateway.consent.wording.language import Language, languages
from gateway.consent.wording.lint import Judgement, judge
from gateway.consent.wording.optout import mention_for, mentions_opt_out, with_mention
from gateway.consent.wording.size import Size, measure

__all__ = [
    "Asks",
    "Draft",
    "Finding",
    "Judgement",
    "Kind",
    "Language",
    "Severity",
    "Size",
    "Span",
    "judge",
    "languages",
    "measure",
    "mention_for",
    "mentions_opt_out",
    "with_mention",
]
