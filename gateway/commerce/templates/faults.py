"""What can be wrong with a template: leaves of `gateway.domain.errors.ContentError`."""

from __future__ import annotations

from pathlib import Path

from gateway.domain.errors import ContentError


class UnknownTemplateError(ContentError):
    """A store has no template of this name.

    Attributes:
        template: the name.
    """

    def __init__(self, template: str, known: str) -> None:
        super().__init__(f"there is no template {template!r}; there are: {known or 'none'}")
        self.template = template


class MissingValueError(ContentError):
    """A template says something that is not known, and has nothing else to say.

    Attributes:
        value: the name of it, such as ``first_name`` or ``order.total``.
    """

    def __init__(self, value: str, *, file: Path | None = None, place: str | None = None) -> None:
        super().__init__(
            f'{value} is not known here; write {{{{ {value} | default("…") }}}}',
            file=file,
            place=place,
        )
        self.value = value
