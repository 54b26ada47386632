"""What a store says, in which words: templates of Jinja2 in a sandbox, one file a language."""

from gateway.commerce.templates.faults import MissingValueError, UnknownTemplateError
from gateway.commerce.templates.library import (
    SHIPPED,
    TEMPLATES,
    Library,
    Rendered,
    Shorten,
    Template,
    load_templates,
    parse_template,
)

__all__ = [
    "SHIPPED",
    "TEMPLATES",
    "Library",
    "MissingValueError",
    "Rendered",
    "Shorten",
    "Template",
    "UnknownTemplateError",
    "load_templates",
    "parse_template",
]
