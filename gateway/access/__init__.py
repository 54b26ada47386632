"""Who may look and act: users with roles, sessions, one-time links, tokens, the audit log."""

from gateway.access.right import RIGHTS, Right, Role
from gateway.access.visitor import Kind, Visitor

__all__ = ["RIGHTS", "Kind", "Right", "Role", "Visitor"]
