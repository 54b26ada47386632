"""Whatever fails is told in words: what it means, and what to do about it."""

from __future__ import annotations

import pytest

from gateway.domain.causes import CME, CMS
from gateway.domain.failures import FailureClass, reason_of
from gateway.domain.remedies import BY_CLASS, BY_CME, BY_CMS, class_of, remedy_of_reason
from gateway.domain.results import FinalResult, ResultKind

ALL = [
    *(FinalResult(kind=ResultKind.CMS, code=code) for code in CMS),
    *(FinalResult(kind=ResultKind.CME, code=code) for code in CME),
    FinalResult(kind=ResultKind.ERROR),
    FinalResult(kind=ResultKind.OTHER, text="COMMAND NOT SUPPORT"),
]


@pytest.mark.parametrize("failure", list(FailureClass))
def test_each_class_has_words(failure: FailureClass) -> None:
    remedy = BY_CLASS[failure]
    for sentence in (remedy.meaning, remedy.action):
        assert sentence[0].isupper()
        assert sentence.endswith(".")


@pytest.mark.parametrize("result", ALL, ids=reason_of)
def test_each_reason_leads_to_words(result: FinalResult) -> None:
    reason = reason_of(result)
    assert remedy_of_reason(reason, class_of(reason)).meaning


def test_what_has_words_of_its_own_is_a_cause_that_there_is() -> None:
    assert BY_CMS.keys() <= CMS.keys() | {330, 331, 332}
    assert BY_CME.keys() <= CME.keys()


def test_a_reason_says_more_than_its_class() -> None:
    assert (
        "credit" in remedy_of_reason("cms 8 operator determined barring", FailureClass.LINE).meaning
    )
    assert remedy_of_reason("cms 41 temporary failure", FailureClass.NETWORK) == BY_CLASS["network"]


@pytest.mark.parametrize(
    ("reason", "in_doubt", "failure"),
    [
        ("cms 1 unassigned number", False, FailureClass.PERMANENT),
        ("cms 42 congestion", False, FailureClass.NETWORK),
        ("cme 10 SIM not inserted", False, FailureClass.LINE),
        ("cms 42 congestion", True, FailureClass.UNKNOWN),
        (None, True, FailureClass.UNKNOWN),
        (None, False, FailureClass.NETWORK),
        ("<script>", False, FailureClass.NETWORK),
    ],
)
def test_the_class_of_a_reason(reason: str | None, in_doubt: bool, failure: FailureClass) -> None:
    assert class_of(reason, in_doubt=in_doubt) is failure
