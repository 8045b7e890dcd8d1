"""Compares tables as delta-rs reads them with our reading of them: `compare.py LAKE OURS [--filters]`. One line a check, `ok:` or `fail:`."""
import collections
import datetime
import os
import sys

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable, QueryBuilder

lake, ours, *options = sys.argv[1:]


def say(name, problem=None):
    print(f"ok: {name}" if problem is None else f"fail: {name}: {problem}")


def plain(value):
    """A value as text that is the same for equal values, whichever library it came from."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).isoformat(timespec="microseconds")
    return repr(value)


def rows(table):
    return collections.Counter(repr(plain(row)) for row in table.to_pylist())


def theirs(table):
    """All rows, by the reader that knows deletion vectors when the other refuses."""
    try:
        return table.to_pyarrow_table()
    except Exception:
        return pa.table(QueryBuilder().register("t", table).execute("select * from t").read_all())


def compare(name):
    table = DeltaTable(os.path.join(lake, *name.split(".")))
    mine = pq.read_table(os.path.join(ours, f"{name}.parquet"))
    found, expected = rows(theirs(table).select(mine.column_names)), rows(mine)
    lost, extra = expected - found, found - expected
    say(f"{name} ({mine.num_rows} rows)", f"we alone {list(lost)[:2]}, delta-rs alone {list(extra)[:2]}" if lost or extra else None)


def filters():
    """Files must not be left out by statistics that mislead."""
    table = DeltaTable(os.path.join(lake, "values"))
    long_text = "😀" * 40 + "3"
    late = datetime.datetime(2025, 12, 9, 10, 45, 30, 1, datetime.timezone.utc)
    early = datetime.datetime(1969, 12, 31, 23, 59, 59, 999999, datetime.timezone.utc)
    cases = [
        ("id", "=", 9007199254740995, 1), ("id", ">", 9007199254740996, 1), ("s", "=", long_text, 1), ("s", "=", "", 5),
        ("at", "=", late, 5), ("at", "<=", early, 5), ("day", "=", datetime.date(9999, 12, 31), 5), ("n", "=", -2147483648, 5),
    ]
    for column, operator, value, count in cases:
        found = table.to_pyarrow_table(filters=[(column, operator, value)]).num_rows
        say(f"filter {column} {operator} {value!r}", None if found == count else f"{found} rows, not {count}")
    for condition, count in [("d > 5", 10), ("id = 9007199254740995", 1), ("at = timestamp '2025-12-09T10:45:30.000001Z'", 5), ("isnan(d)", 5)]:
        batches = QueryBuilder().register("t", table).execute(f"select count(*) as n from t where {condition}").read_all()
        found = pa.table(batches)["n"][0].as_py()
        say(f"query {condition}", None if found == count else f"{found} rows, not {count}")


for file in sorted(os.listdir(ours)):
    name = file.removesuffix(".parquet")
    try:
        compare(name)
    except Exception as error:
        say(name, f"{type(error).__name__} {str(error)[:200]}")
if "--filters" in options:
    filters()

sys.stdout.flush()
# the threads of delta-rs can abort an interpreter that ends in the usual way
os._exit(0)
