"""What the gateway itself writes: the question of a double opt-in, and answers to persons."""

from gateway.consent.answers.templates import AnswerKind, Template, template_for
from gateway.consent.answers.voice import Voices, Written

__all__ = ["AnswerKind", "Template", "Voices", "Written", "template_for"]
