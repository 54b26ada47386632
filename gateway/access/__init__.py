"""Who may look and act: users with roles, sessions, one-time links, tokens, the audit log."""
