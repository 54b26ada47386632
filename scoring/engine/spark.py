"""Spark: on a cluster, or on this machine in a process beside this one.

Where a session is active it is used as it is, so that who has a cluster opens the session there;
otherwise a local one is opened, which listens on the loopback alone and says nothing but errors.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import ibis
import pyarrow as pa

from scoring.engine.settings import EngineSettings
from scoring.errors import ScoringError


def connect(settings: EngineSettings) -> Any:
    """Use the active session, or open a local one.

    Raises
    ------
    ScoringError
        Spark is not installed, or cannot start.
    """
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise ScoringError(
            "the engine spark needs the extra: pip install 'shopbell[spark]'"
        ) from error
    try:
        session = SparkSession.getActiveSession() or _open(SparkSession.builder, settings)
    except (OSError, RuntimeError, PySparkException) as error:
        raise ScoringError(
            "Spark does not start; it needs Java 17 or later: apt-get install default-jre-headless"
        ) from error
    session.sparkContext.setLogLevel("ERROR")
    return ibis.pyspark.connect(session)


def _open(builder: Any, settings: EngineSettings) -> Any:
    options = {
        "spark.app.name": "shopbell",
        "spark.master": f"local[{settings.threads or '*'}]",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.log.level": "ERROR",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        # The default, 200, is for a cluster; on one machine most of them would be empty.
        "spark.sql.shuffle.partitions": str(4 * (settings.threads or 2)),
    }
    if settings.memory is not None:
        options["spark.driver.memory"] = settings.memory.upper().removesuffix("B").lower()
    if settings.temp is not None:
        options["spark.local.dir"] = str(settings.temp)
    for name, value in options.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def read(connection: Any, files: list[str]) -> Any:
    """Return files as one table, their columns matched by name."""
    return _view(connection, _session(connection).read.parquet(*files))


def empty(connection: Any, schema: Any) -> Any:
    """Return a table without rows."""
    from ibis.backends.pyspark.datatypes import PySparkSchema

    fields = PySparkSchema.from_ibis(schema)
    nulls = ", ".join(f"CAST(NULL AS {f.dataType.simpleString()}) AS `{f.name}`" for f in fields)
    return _view(connection, _session(connection).sql(f"SELECT {nulls} WHERE FALSE"))


def fetch(connection: Any, expression: Any) -> pa.Table:
    """Compute an expression, past pandas: Spark knows no other way from Ibis by itself."""
    return _session(connection).sql(connection.compile(expression.as_table())).toArrow()


def close(connection: Any) -> None:
    """Stop the session, and the Java beside this process."""
    _session(connection).stop()


def _session(connection: Any) -> Any:
    return connection._session


def _view(connection: Any, frame: Any) -> Any:
    name = f"shopbell_{uuid4().hex}"
    frame.createOrReplaceTempView(name)
    return connection.table(name)
