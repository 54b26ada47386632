"""The border to `scoring`, which may be absent: its errors become ours, and one clear line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from gateway.domain.errors import ShopbellError


class AnalysisError(ShopbellError):
    """What `scoring` raised on purpose, or that its libraries are not installed."""


@contextmanager
def scoring_errors(extra: str = "scoring") -> Iterator[None]:
    """Translate what goes wrong in `scoring`; import it inside.

    Args:
        extra: what has to be installed for it.

    Raises:
        AnalysisError: a library of the extra is absent, or `scoring` raised an error of its own.
    """
    from scoring.errors import ScoringError

    try:
        yield
    except ModuleNotFoundError as error:
        raise AnalysisError(
            f"this needs the extra `{extra}` ({error.name} is not installed): "
            f"pip install 'shopbell[{extra}]'"
        ) from error
    except ScoringError as error:
        raise AnalysisError(str(error)) from error
