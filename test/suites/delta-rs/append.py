"""Appends rows to the tables of makeTables, as a stranger would: `append.py ROOT`."""
import datetime
import os
import sys

import pyarrow as pa
from deltalake import DeltaTable, write_deltalake

root = sys.argv[1]
schema = pa.schema(DeltaTable(f"{root}/values").schema().to_arrow())
at = datetime.datetime(2026, 1, 2, 3, 4, 5, 678901, datetime.timezone.utc)
row = {"n": 1, "d": 0.5, "s": "theirs", "b": True, "day": at.date(), "at": at, "list": ["x"], "people": []}
rows = [{"id": 5000, **row}, {"id": 5001}]
write_deltalake(f"{root}/values", pa.Table.from_pylist(rows, schema=schema), mode="append")
places = pa.schema(DeltaTable(f"{root}/places").schema().to_arrow())
rows = [{"id": 5000, "day": at.date(), "place": "ü/=%"}]
write_deltalake(f"{root}/places", pa.Table.from_pylist(rows, schema=places), mode="append")

sys.stdout.flush()
# the threads of delta-rs can abort an interpreter that ends in the usual way
os._exit(0)
