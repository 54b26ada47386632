"""Statements of the hot paths: written in Core, compiled once, run on the driver's own cursor.

SQLAlchemy's execution of a statement costs several times the statement. Here Core stays the one
definition, of a table's columns and of a statement for each dialect; what is left out is everything
that it does anew at each execution: looking the compiled form up, an execution context, a result
with its metadata. Values go in and come out by the columns' own types, and a failure is the same
`sqlalchemy.exc.DBAPIError` that Core raises, so that `gateway.db.failures` has one kind to judge.

What it does not take: an expanding ``IN`` (its text changes with its values; see
`gateway.db.names`), and defaults that Python makes.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from operator import itemgetter
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    BindParameter,
    ClauseElement,
    Connection,
    Dialect,
    Insert,
    String,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

Values: TypeAlias = Mapping[str, object]
Convert: TypeAlias = Callable[[Any], Any]
Row: TypeAlias = Any
"""A named tuple: its fields are those of the statement."""

LISTENERS: Final[list[Callable[[str, Any], None]]] = []
"""Who is told of each statement and its parameters before it is run: tests alone."""


class Prepared:
    """A statement, and its form for each dialect and each set of parameters that it was given.

    Its parameters are those of Core's ``execute``: an ``insert`` or an ``update`` without values
    writes the columns that are named in what it is given.
    """

    def __init__(self, statement: ClauseElement) -> None:
        self.statement = statement
        self._forms: dict[tuple[str, tuple[str, ...]], _Form] = {}

    def all(self, connection: Connection, values: Values) -> list[Row]:
        """Run it and return its rows."""
        form = self._form(connection, values)
        cursor = _execute(connection, form.text, form.bind(values))
        try:
            rows = cursor.fetchall()
            return form.read(connection.dialect, cursor, rows) if rows else []
        except connection.dialect.loaded_dbapi.Error as error:
            raise _wrapped(connection, form.text, error) from error
        finally:
            cursor.close()

    def first(self, connection: Connection, values: Values) -> Row | None:
        """Run it and return its first row; None when it has none."""
        rows = self.all(connection, values)
        return rows[0] if rows else None

    def run(self, connection: Connection, values: Values) -> int:
        """Run it and return how many rows it changed."""
        form = self._form(connection, values)
        cursor = _execute(connection, form.text, form.bind(values))
        count: int = cursor.rowcount
        cursor.close()
        return count

    def many(self, connection: Connection, rows: Sequence[Values]) -> None:
        """Run it once for each of several sets of values, which all name the same parameters."""
        if not rows:
            return
        form = self._form(connection, rows[0])
        _execute(connection, form.text, [form.bind(row) for row in rows], many=True).close()

    def each(self, connection: Connection, rows: Sequence[Values]) -> list[Row]:
        """Run it as `many` does; return the one row that each run gives, in their order."""
        if connection.dialect.name == "sqlite":  # its executemany gives no rows
            return [self.all(connection, row)[0] for row in rows]
        return self._each_in_pipeline(connection, rows)

    def _each_in_pipeline(self, connection: Connection, rows: Sequence[Values]) -> list[Row]:
        if not rows:
            return []
        form = self._form(connection, rows[0])
        bound = [form.bind(row) for row in rows]
        cursor = _execute(connection, form.text, bound, many=True, returning=True)
        found: list[Row] = []
        while True:
            found += form.read(connection.dialect, cursor, cursor.fetchall())
            if not cursor.nextset():
                break
        cursor.close()
        return found

    def _form(self, connection: Connection, values: Values) -> _Form:
        which = (connection.dialect.name, tuple(values))
        form = self._forms.get(which)
        if form is None:
            form = self._forms[which] = _Form(self.statement, connection.dialect, which[1])
        return form


def _execute(
    connection: Connection, text: str, parameters: Any, *, many: bool = False, **options: bool
) -> Any:
    """Return the cursor of a statement that was run, in the connection's transaction."""
    if not connection.in_transaction():
        connection.begin()
    return _run(connection, text, parameters, many=many, **options)


def run_text(connection: Connection, text: str) -> None:
    """Run a statement of the driver's, such as its ``BEGIN``, that gives nothing back.

    Raises:
        DBAPIError: as Core does.
    """
    _run(connection, text, ()).close()


def _run(
    connection: Connection, text: str, parameters: Any, *, many: bool = False, **options: bool
) -> Any:
    for listen in LISTENERS:
        listen(text, parameters)
    driver: Any = connection.connection.dbapi_connection
    cursor = driver.cursor()
    try:
        if many:
            cursor.executemany(text, parameters, **options)
        else:
            cursor.execute(text, parameters)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _wrapped(connection, text, error) from error
    return cursor


def _wrapped(connection: Connection, text: str, error: Exception) -> BaseException:
    """Return what Core raises in place of a driver's error; without the values, as ours all do."""
    dialect = connection.dialect
    driver: Any = connection.connection.dbapi_connection
    gone = dialect.is_disconnect(error, driver, None)  # type: ignore[arg-type]
    if gone:
        connection.invalidate(error)
    return DBAPIError.instance(
        text,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=gone,
        dialect=dialect,
    )


class _Form:
    """A statement as one dialect has it, for parameters of certain names."""

    def __init__(self, statement: ClauseElement, dialect: Dialect, given: tuple[str, ...]) -> None:
        if isinstance(statement, Insert) and not _returned(statement):
            statement = statement.inline()  # else a server would be asked for the new key
        # A connection's dialect is used as it is: it knows what the server can do.
        compiled = statement.compile(dialect=dialect, column_keys=list(given))
        assert isinstance(compiled, SQLCompiler)  # noqa: S101 -- every statement's is one
        _refuse_what_changes(compiled)
        self.text = str(compiled)
        self._named = None if compiled.positional else tuple(compiled.binds)
        order = [compiled.binds[name] for name in self._named or compiled.positiontup or ()]
        binding = [(place, bind, _binding(bind, dialect)) for place, bind in enumerate(order)]
        self._fixed = {
            bind.key: _converted(bind.effective_value, convert)
            for _, bind, convert in binding
            if not (bind.required or bind.key in given)
        }
        self._pick = _picker([bind.key for bind in order])
        self._binding = [
            (place, convert)
            for place, bind, convert in binding
            if convert is not None and bind.key not in self._fixed
        ]
        self._words = [
            place
            for place, bind, convert in binding
            if convert is None and isinstance(bind.type, String)
        ]
        self._columns = _returned(statement)
        self._make: Callable[[Iterable[Any]], Row] = partial(
            tuple.__new__, _row_class(self._columns)
        )
        self._converts: list[tuple[int, Convert]] | None = None

    def bind(self, values: Values) -> Any:
        """Return values as the driver takes them."""
        bound = list(self._pick({**self._fixed, **values} if self._fixed else values))
        for place, convert in self._binding:
            bound[place] = _converted(bound[place], convert)
        for place in self._words:
            word = bound[place]
            # A word of an enum is a string of its own kind, for which drivers are slow.
            if word.__class__ is not str and word is not None:
                bound[place] = str(word)
        return bound if self._named is None else dict(zip(self._named, bound, strict=True))

    def read(self, dialect: Dialect, cursor: Any, rows: Sequence[Any]) -> list[Row]:
        """Return a driver's rows as ours."""
        if self._converts is None:
            self._converts = _conversions(self._columns, dialect, cursor)
        if not self._converts:
            return list(map(self._make, rows))
        return [self._make(_read(row, self._converts)) for row in rows]


def _read(row: Sequence[Any], converts: Sequence[tuple[int, Convert]]) -> list[Any]:
    fields = list(row)
    for place, convert in converts:
        if fields[place] is not None:
            fields[place] = convert(fields[place])
    return fields


def _converted(value: object, convert: Convert | None) -> object:
    return value if convert is None or value is None else convert(value)


def _refuse_what_changes(compiled: SQLCompiler) -> None:
    if any(bind.expanding for bind in compiled.binds.values()):
        raise TypeError(f"an expanding IN cannot be prepared: {compiled}")
    if getattr(compiled, "insert_prefetch", ()) or getattr(compiled, "update_prefetch", ()):
        raise TypeError(f"a default that Python makes cannot be prepared: {compiled}")


def _binding(bind: BindParameter[Any], dialect: Dialect) -> Convert | None:
    return bind.type.dialect_impl(dialect).bind_processor(dialect)


def _picker(names: Sequence[str]) -> Callable[[Values], Iterable[object]]:
    """Return what gives the values of these names, in their order."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: [values[name] for name in names]


def _returned(statement: ClauseElement) -> list[tuple[str, TypeEngine[Any]]]:
    """Return the names and types of the columns of a statement's rows."""
    columns: Any = getattr(statement, "exported_columns", ())
    return [(str(column.key), column.type) for column in columns]


def _row_class(columns: Sequence[tuple[str, object]]) -> Any:
    return namedtuple("Row", [name for name, _ in columns], rename=True)


def _conversions(
    columns: Sequence[tuple[str, TypeEngine[Any]]], dialect: Dialect, cursor: Any
) -> list[tuple[int, Convert]]:
    found: list[tuple[int, Convert]] = []
    for place, (_, kind) in enumerate(columns):
        convert = kind.dialect_impl(dialect).result_processor(dialect, cursor.description[place][1])
        if convert is not None:
            found.append((place, convert))
    return found
