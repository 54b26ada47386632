"""What a template says of what it is given: which values, where, and whether it can do without.

Read from its grammar, so that the linter knows of every branch and not only of those that a sample
takes. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from jinja2 import nodes

_TRUTH: Final = (nodes.And, nodes.Or, nodes.Not)
"""What asks whether a value is there, and says nothing of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Use:
    """A value that a template says, or asks for."""

    path: str
    """Its name in full, such as ``order.items.name``; entries of a list are as the list."""
    line: int
    safe: bool
    """Whether the template does without it where it is missing."""
    filters: tuple[str, ...] = ()
    """Those behind it, in order."""


def uses_of(tree: nodes.Template) -> list[Use]:
    """Return every value that a template names."""
    return list(_walk(tree, _Scope()))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Scope:
    known: frozenset[str] = frozenset()
    """What a condition around it made sure of."""
    names: Mapping[str, str] | None = None
    """What loops call their entries."""

    def knowing(self, *paths: str) -> _Scope:
        return _Scope(known=self.known.union(paths), names=self.names)

    def calling(self, name: str, path: str) -> _Scope:
        return _Scope(known=self.known, names={**(self.names or {}), name: path})


def _walk(node: nodes.Node, scope: _Scope) -> Iterator[Use]:
    match node:
        case nodes.If():
            yield from _condition(node.test, scope)
            yield from _all(node.body, scope.knowing(*_sure(node.test, scope)))
            denied = scope.knowing(*_denied(node.test, scope))
            yield from _all([*node.elif_, *node.else_], denied)
        case nodes.CondExpr():
            yield from _condition(node.test, scope)
            yield from _walk(node.expr1, scope.knowing(*_sure(node.test, scope)))
            if node.expr2 is not None:
                yield from _walk(node.expr2, scope.knowing(*_denied(node.test, scope)))
        case nodes.For():
            yield from _loop(node, scope)
        case nodes.Test(name="defined" | "undefined"):
            yield from _value(node.node, scope, (), safe=True)
        case nodes.Filter() | nodes.Name() | nodes.Getattr() | nodes.Getitem():
            yield from _value(node, scope, (), safe=False)
        case _:
            yield from _all(node.iter_child_nodes(), scope)


def _all(children: object, scope: _Scope) -> Iterator[Use]:
    for child in children:  # type: ignore[attr-defined]
        yield from _walk(child, scope)


def _loop(node: nodes.For, scope: _Scope) -> Iterator[Use]:
    yield from _value(node.iter, scope, ("for",), safe=True)
    path, inner = path_of(node.iter, scope.names), scope
    if isinstance(node.target, nodes.Name):
        inner = scope.calling(node.target.name, path or "?")
    inner = inner.calling("loop", "?")
    if node.test is not None:
        yield from _condition(node.test, inner)
    yield from _all(node.body, inner)
    yield from _all(node.else_, scope)


def _condition(node: nodes.Node, scope: _Scope) -> Iterator[Use]:
    if isinstance(node, _TRUTH):
        known = scope
        for child in node.iter_child_nodes():
            yield from _condition(child, known)
            if isinstance(node, nodes.And):
                known = known.knowing(*_sure(child, scope))
    elif path_of(node, scope.names) is not None:
        yield from _value(node, scope, (), safe=True)
    else:
        yield from _walk(node, scope)


def _value(
    node: nodes.Node, scope: _Scope, filters: tuple[str, ...], *, safe: bool
) -> Iterator[Use]:
    if isinstance(node, nodes.Filter) and node.node is not None:
        yield from _all([*node.args, *(one.value for one in node.kwargs)], scope)
        falls_back = node.name == "default"
        yield from _value(
            node.node, scope, (node.name, *filters), safe=falls_back or (safe and not filters)
        )
        return
    path = path_of(node, scope.names)
    if path is None:
        yield from _all(node.iter_child_nodes(), scope)
    elif not path.startswith("?"):
        is_known = any(path == one or path.startswith(f"{one}.") for one in scope.known)
        sure = path in scope.known if "." in path else is_known
        yield Use(path=path, line=node.lineno, safe=safe or sure, filters=filters)


def path_of(node: nodes.Node, names: Mapping[str, str] | None = None) -> str | None:
    """Return the name in full of what an expression reads; None where it is no value's."""
    match node:
        case nodes.Name():
            return (names or {}).get(node.name, node.name)
        case nodes.Getattr():
            base = path_of(node.node, names)
            return None if base is None else f"{base}.{node.attr}"
        case nodes.Getitem(arg=nodes.Const(value=str(name))):
            base = path_of(node.node, names)
            return None if base is None else f"{base}.{name}"
        case nodes.Getitem():
            return path_of(node.node, names)
        case nodes.Filter(name="first") if node.node is not None:
            return path_of(node.node, names)
    return None


def _sure(node: nodes.Node, scope: _Scope) -> set[str]:
    """Return what is there where a condition holds."""
    match node:
        case nodes.And():
            return _sure(node.left, scope) | _sure(node.right, scope)
        case nodes.Not():
            return _denied(node.node, scope)
        case nodes.Test(name="defined"):
            return _sure(node.node, scope)
        case nodes.Compare() | nodes.Filter():
            inner = node.expr if isinstance(node, nodes.Compare) else node.node
            return set() if inner is None else _sure(inner, scope)
    path = path_of(node, scope.names)
    return set() if path is None else {path}


def _denied(node: nodes.Node, scope: _Scope) -> set[str]:
    """Return what is there where a condition does not hold."""
    match node:
        case nodes.Not():
            return _sure(node.node, scope)
        case nodes.Or():
            return _denied(node.left, scope) | _denied(node.right, scope)
    return set()
