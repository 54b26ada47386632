"""The revisions of the schema, for Alembic; run by `gateway.db.migrate`."""
