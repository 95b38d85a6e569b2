"""Stores for tests: audits of a simulator's tenant, and what stands in them changed by hand."""
import contextlib
import json
import pathlib
import shutil
import sqlite3
import tempfile

from simulated import allot, login_options, simulator


@contextlib.contextmanager
def stored_audit(assignments, *options, script=None, environment=None):
    """Yields the path of the store of an audit, in a folder of its own with its input "ids.txt"."""
    with tempfile.TemporaryDirectory() as folder:
        store = pathlib.Path(folder) / "audit.db"
        with simulator(assignments, script) as said:
            ids = store.parent / "ids.txt"
            shutil.copy(said["ids"], ids)
            ended = allot("audit", ids, "--store", store, *options, *login_options(said), environment=environment)
            if not store.exists():
                raise AssertionError(ended.stderr)
        yield store


def copy_of(store, name):
    """A second store beside the first."""
    return pathlib.Path(shutil.copy(store, store.parent / name))


@contextlib.contextmanager
def changed(store):
    """Yields a connection whose changes are in the store afterwards, and counted in what it says of its input."""
    with contextlib.closing(sqlite3.connect(store)) as connection, connection:
        yield connection
        connection.execute("UPDATE audit SET inputs = (SELECT count(*) FROM input), distinct_inputs = "
                           "(SELECT count(*) - count(first_position) FROM input) WHERE inputs IS NOT NULL")


def change_allotment(connection, key, **members):
    """Sets members of the JSON of an allotment."""
    (text,) = connection.execute("SELECT json FROM allotment WHERE key = ?", (key,)).fetchone()
    connection.execute("UPDATE allotment SET json = ? WHERE key = ?",
                       (json.dumps({**json.loads(text), **members}, separators=(",", ":")), key))


def multiply(connection, rows):
    """Repeats the entries of the input under new ids until there are so many."""
    (count,) = connection.execute("SELECT max(position) FROM input").fetchone()
    for first in range(count, rows, count):
        connection.execute(f"INSERT INTO input SELECT position + {first}, scope, principal_id, assignment_id || '-{first}',"
                           f" NULL, NULL FROM input WHERE position <= {count}")
        connection.execute(
            f"INSERT INTO row SELECT position + {first}, outcome, allotment_key, error_code, error_message, error_reason,"
            f" http_status, attempts, request_id, client_request_id, duration_us FROM row WHERE position <= {count}")
