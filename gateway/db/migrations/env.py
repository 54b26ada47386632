"""Runs the revisions on the connection that `gateway.db.migrate` opened."""

from __future__ import annotations

from alembic import context

from gateway.db.tables import JOBS

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=JOBS.metadata,
    render_as_batch=True,
)
context.run_migrations()
