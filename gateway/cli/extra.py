"""The border to `scoring`, which may be absent: its errors become ours, and one clear line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from gateway.domain.errors import ShopbellError


class AnalysisError(ShopbellError):
    """What `scoring` raised on purpose, or that its libraries are not installed."""


@contextmanager
def scoring_errors() -> Iterator[None]:
    """Translate what goes wrong in `scoring`; import it inside.

    Raises:
        AnalysisError: a library of the extra is absent, or `scoring` raised an error of its own.
    """
    from scoring.errors import ScoringError

    try:
        yield
    except ModuleNotFoundError as error:
        raise AnalysisError(
            f"this needs the extra `scoring` ({error.name} is not installed): "
            "pip install 'shopbell[scoring]'"
        ) from error
    except ScoringError as error:
        raise AnalysisError(str(error)) from error
