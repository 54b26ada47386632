"""What a template may be made of. Everything else is refused when it is read, with its line.

What is left cannot run for long or grow: no calls, no arithmetic, no assignment, so that the one
thing that repeats is a loop over a list that was given, and those are counted (`sandbox`).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from jinja2 import nodes

from gateway.domain.errors import ContentError
from gateway.settings.nearest import nearest

EACH: Final = "#each"
"""The filter that counts what a loop goes through; no template can name it."""

DEEPEST: Final = 2
"""Loops in each other."""

_ALLOWED: Final = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Filter,
    nodes.Test,
    nodes.Keyword,
    nodes.If,
    nodes.CondExpr,
    nodes.For,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Concat,
    nodes.Tuple,
    nodes.List,
    nodes.Neg,
)

_WORDS: Final = {
    nodes.Call: "a call",
    nodes.Assign: "{% set %}",
    nodes.AssignBlock: "{% set %}",
    nodes.Macro: "{% macro %}",
    nodes.Include: "{% include %}",
    nodes.Import: "{% import %}",
    nodes.FromImport: "{% import %}",
    nodes.Extends: "{% extends %}",
    nodes.Block: "{% block %}",
    nodes.With: "{% with %}",
    nodes.FilterBlock: "{% filter %}",
    nodes.Slice: "a slice such as [1:3]",
}
_RIGHT: Final = "right: values, filters, {% if %} and {% for %}"


def check_grammar(
    tree: nodes.Template, *, filters: Collection[str], tests: Collection[str]
) -> None:
    """Refuse what a template may not be made of, and have its loops counted.

    Raises:
        ContentError: the line is its place.
    """
    _check(tree, filters, tests, loops=0)


def _check(
    node: nodes.Node, filters: Collection[str], tests: Collection[str], *, loops: int
) -> None:
    if not isinstance(node, _ALLOWED):
        what = _WORDS.get(type(node), type(node).__name__.lower())
        raise fault(f"{what} may not be in a template; {_RIGHT}", node.lineno)
    if isinstance(node, nodes.Filter):
        _check_known(node, "filter", filters)
    if isinstance(node, nodes.Test):
        _check_known(node, "test", tests)
    inside = loops + isinstance(node, nodes.For)
    if inside > DEEPEST:
        raise fault(f"at most {DEEPEST} loops may be in each other", node.lineno)
    for child in node.iter_child_nodes():
        _check(child, filters, tests, loops=inside)
    if isinstance(node, nodes.For):
        _count(node)


def _check_known(node: nodes.Filter | nodes.Test, what: str, known: Collection[str]) -> None:
    if node.name not in known:
        near = nearest(node.name, known)
        meant = f"; did you mean {near!r}?" if near else ""
        there = ", ".join(sorted(known))
        raise fault(f"there is no {what} {node.name!r}{meant} There are: {there}", node.lineno)
    if getattr(node, "node", True) is None:
        raise fault("{% filter %} may not be in a template; " + _RIGHT, node.lineno)


def _count(node: nodes.For) -> None:
    if node.recursive:
        raise fault("a loop may not be recursive", node.lineno)
    counted = nodes.Filter(node.iter, EACH, [], [], None, None, lineno=node.lineno)
    counted.environment = node.environment
    node.iter = counted


def fault(reason: str, line: int | None) -> ContentError:
    """Return what is wrong in a line."""
    return ContentError(reason, place=None if line is None else f"line {line}")
