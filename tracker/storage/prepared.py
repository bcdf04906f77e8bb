"""Questions and changes that every accepted answer brings with it, each put together once for each engine.

They go to the driver itself: to hand one over through all that SQLAlchemy does on the way takes longer than the answer.
What is the same: values become what the columns' types make of them, whoever listens to the engine hears of them, and
what the driver refuses is refused in SQLAlchemy's words.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Connection, Dialect
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

Row: TypeAlias = tuple[Any, ...]
Values: TypeAlias = Mapping[str, Any]
_Convert: TypeAlias = Callable[[Any], Any]

# By how long the lists are that are handed over with a question: so many ways to put one together are kept.
_MOST_KEPT = 200


class _Bound(NamedTuple):
    """A place in the statement for a value."""

    name: str
    # Under which it is handed over; None: it is always the same.
    asked: str | None
    # Its place in the list that is handed over. None: it is no list.
    item: int | None
    constant: Any
    convert: _Convert | None

    def of(self, values: Values) -> Any:
        if self.asked is None:
            return self.constant
        value = values[self.asked] if self.item is None else values[self.asked][self.item]
        return value if self.convert is None else self.convert(value)


@dataclass(frozen=True)
class _Ready:
    """A statement in the words of one engine."""

    sql: str
    bounds: Sequence[_Bound]
    by_place: bool

    def bind(self, values: Values) -> Any:
        if self.by_place:
            return tuple([bound.of(values) for bound in self.bounds])
        return {bound.name: bound.of(values) for bound in self.bounds}


class Prepared:
    """`make`: the statement, by the name of the engine; with named parameters. `columns`: those that are written, of
    one that adds a row."""

    def __init__(self, make: Callable[[str], Any], columns: Sequence[str] | None = None) -> None:
        self._make, self._columns = make, columns
        self._compiled: dict[str, Any] = {}
        # By engine: the names under which lists are handed over.
        self._lists: dict[str, Sequence[str]] = {}
        self._ready: dict[tuple[Any, ...], _Ready] = {}
        # By engine: the columns of an answer that are read otherwise than the driver gives them.
        self._reading: dict[str, Sequence[tuple[int, _Convert]]] = {}

    def rows(self, session: Session, values: Values) -> list[Row]:
        """All that comes back."""
        return self.rows_by(session.connection(), values)

    def rows_by(self, connection: Connection, values: Values) -> list[Row]:
        cursor = self._done(connection, values)
        try:
            found = list(cursor.fetchall())
            return self._read(connection.dialect, cursor, found) if found else found
        finally:
            cursor.close()

    def first(self, session: Session, values: Values) -> Row | None:
        found = self.rows(session, values)
        return found[0] if found else None

    def change(self, session: Session, values: Values) -> int:
        """How many rows it concerned."""
        return self.change_by(session.connection(), values)

    def change_by(self, connection: Connection, values: Values) -> int:
        cursor = self._done(connection, values)
        try:
            return cursor.rowcount
        finally:
            cursor.close()

    def change_each(self, session: Session, values: Sequence[Values]) -> None:
        """Once for each of them; none of them contains a list."""
        if values:
            connection = session.connection()
            ready = self._ready_for(connection.dialect, values[0])
            _run(connection, ready.sql, [ready.bind(each) for each in values], many=True).close()

    def _done(self, connection: Connection, values: Values) -> DBAPICursor:
        ready = self._ready_for(connection.dialect, values)
        return _run(connection, ready.sql, ready.bind(values), many=False)

    def _ready_for(self, dialect: Dialect, values: Values) -> _Ready:
        engine = dialect.name
        lists = self._lists.get(engine)
        if lists is None:
            lists = self._compile(dialect)
        key = (engine, *[len(values[name]) for name in lists]) if lists else (engine,)
        ready = self._ready.get(key)
        if ready is None:
            if len(self._ready) >= _MOST_KEPT:
                self._ready.clear()
            ready = self._ready[key] = self._put_together(dialect, {name: values[name] for name in lists})
        return ready

    def _compile(self, dialect: Dialect) -> Sequence[str]:
        columns = None if self._columns is None else list(self._columns)
        compiled = self._make(dialect.name).compile(dialect=dialect, column_keys=columns)
        self._compiled[dialect.name] = compiled
        lists = [name for bind, name in compiled.bind_names.items() if bind.expanding and bind.required]
        self._lists[dialect.name] = lists
        return lists

    def _put_together(self, dialect: Dialect, lists: Values) -> _Ready:
        compiled = self._compiled[dialect.name]
        state = compiled.construct_expanded_state(
            {name: lists.get(name, bind.value) for bind, name in compiled.bind_names.items()}
        )
        items = {
            part: (name, item) for name, parts in state.parameter_expansion.items() for item, part in enumerate(parts)
        }
        own, of_items = {name: bind for bind, name in compiled.bind_names.items()}, state.processors
        bounds = []
        for name in state.parameters if state.positiontup is None else state.positiontup:
            asked, item = items.get(name, (name, None))
            bind = own[asked]
            convert = bind.type.dialect_impl(dialect).bind_processor(dialect) if item is None else of_items.get(name)
            if bind.required:
                bounds.append(_Bound(name, asked, item, None, convert))
            else:
                constant = state.parameters[name]
                bounds.append(_Bound(name, None, None, convert(constant) if convert else constant, None))
        return _Ready(state.statement, bounds, state.positiontup is not None)

    def _read(self, dialect: Dialect, cursor: DBAPICursor, found: list[Row]) -> list[Row]:
        reading = self._reading.get(dialect.name)
        if reading is None:
            reading = self._reading[dialect.name] = self._how_to_read(dialect, cursor)
        if not reading:
            return found
        columns: list[Sequence[Any]] = list(zip(*found, strict=True))
        for place, convert in reading:
            columns[place] = list(map(convert, columns[place]))
        return list(zip(*columns, strict=True))

    def _how_to_read(self, dialect: Dialect, cursor: DBAPICursor) -> Sequence[tuple[int, _Convert]]:
        types = [column.type for column in self._compiled[dialect.name].statement.exported_columns]
        told = cursor.description
        found = [
            (place, one.dialect_impl(dialect).result_processor(dialect, its[1]))
            for place, (one, its) in enumerate(zip(types, told, strict=True))
        ]
        return [(place, convert) for place, convert in found if convert is not None]


def _run(connection: Connection, sql: str, values: Any, *, many: bool) -> DBAPICursor:
    cursor = connection.connection.cursor()
    for listener in connection.dispatch.before_cursor_execute:
        listener(connection, cursor, sql, values, None, many)
    try:
        if many:
            cursor.executemany(sql, values)
        else:
            cursor.execute(sql, values)
    except connection.dialect.loaded_dbapi.Error as refused:
        cursor.close()
        base = connection.dialect.loaded_dbapi.Error
        raise DBAPIError.instance(
            sql, values, refused, base, hide_parameters=True, dialect=connection.dialect, ismulti=many
        ) from refused
    return cursor
