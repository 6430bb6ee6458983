# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A plug-in's own tables in the spool, and nothing but them: sqlite itself refuses the rest."""

import sqlite3
from collections.abc import Callable

_WRITES = {
    sqlite3.SQLITE_INSERT,
    sqlite3.SQLITE_UPDATE,
    sqlite3.SQLITE_DELETE,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_DROP_TABLE,
    sqlite3.SQLITE_CREATE_TABLE,
    sqlite3.SQLITE_ANALYZE,
    sqlite3.SQLITE_REINDEX,
}
#: Named by two things: the index, and the table that it is of.
_INDEXES = {sqlite3.SQLITE_CREATE_INDEX, sqlite3.SQLITE_DROP_INDEX}
_ALWAYS = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
#: Where sqlite itself writes down which tables there are, and how far a numbering has come.
_SQLITES = {"sqlite_master", "sqlite_schema", "sqlite_sequence"}
_DEFINING = {
    sqlite3.SQLITE_CREATE_TABLE,
    sqlite3.SQLITE_CREATE_INDEX,
    sqlite3.SQLITE_DROP_TABLE,
    sqlite3.SQLITE_DROP_INDEX,
    sqlite3.SQLITE_ALTER_TABLE,
}

May = Callable[[int, str | None, str | None], bool]


def only(prefix: str, *, define: bool) -> May:
    """What a statement of a plug-in may do: its tables and indexes have names that begin with ``prefix``.

    :param define: also create, alter and drop them
    """

    def own(name: str | None) -> bool:
        return name is not None and name.startswith((prefix, f"sqlite_autoindex_{prefix}"))

    def may(what: int, one: str | None, two: str | None) -> bool:
        if what in _ALWAYS:
            return True
        if what in _DEFINING and not define:
            return False
        if what in _INDEXES:
            return own(one) and own(two)
        if what == sqlite3.SQLITE_ALTER_TABLE:
            return own(two)
        if what in _WRITES:
            # only sqlite writes into its own tables, on behalf of what was allowed above
            return own(one) or (one in _SQLITES and (define or what == sqlite3.SQLITE_READ))
        return False

    return may
