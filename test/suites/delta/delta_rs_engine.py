"""delta-rs, asked by requests on standard input: see plain.py."""
import json
import re
from urllib.parse import unquote

import pyarrow as pa
from deltalake import DeltaTable, Field, QueryBuilder, Schema, write_deltalake

import plain


def create(path, fields, partition_by, properties):
    schema = Schema.from_json(json.dumps({"type": "struct", "fields": fields}))
    DeltaTable.create(path, schema, partition_by=partition_by, configuration=properties)


def append(path, fields, rows):
    write_deltalake(path, plain.arrow_table(fields, rows), mode="append")


def overwrite(path, fields, rows):
    write_deltalake(path, plain.arrow_table(fields, rows), mode="overwrite")


def merge(path, fields, rows, on):
    condition = " and ".join(f'target."{name}" = source."{name}"' for name in on)
    merging = DeltaTable(path).merge(plain.arrow_table(fields, rows), condition, source_alias="source", target_alias="target")
    merging.when_matched_update_all().when_not_matched_insert_all().execute()


def delete(path, where):
    DeltaTable(path).delete(where)


def update(path, where, column, value):
    DeltaTable(path).update(updates={column: value}, predicate=where)


def optimize(path):
    DeltaTable(path).optimize.compact()


def z_order(path, by):
    DeltaTable(path).optimize.z_order(by)


def checkpoint(path):
    DeltaTable(path).create_checkpoint()


def add_columns(path, fields):
    DeltaTable(path).alter.add_columns([Field.from_json(json.dumps(field)) for field in fields])


def add_constraint(path, name, condition):
    DeltaTable(path).alter.add_constraint({name: condition})


def restore(path, version):
    DeltaTable(path).restore(version)


def vacuum(path):
    DeltaTable(path).vacuum(retention_hours=0, dry_run=False, enforce_retention_duration=False)


def select(table, where):
    condition = "" if where is None else f" where {where}"
    return pa.table(QueryBuilder().register("t", table).execute(f"select * from t{condition}").read_all())


def rows(path, version=None, where=None):
    table = DeltaTable(path, version=version)
    fields = json.loads(table.schema().to_json())["fields"]
    return {"fields": fields, "rows": plain.render_rows(fields, select(table, where)), "version": table.version()}


def files(path):
    """The names of the data files of the newest version, whether they are there or not."""
    return sorted(unquote(file.rpartition("/")[2]) for file in DeltaTable(path).file_uris())


def history(path):
    return [[entry["version"], entry.get("operation")] for entry in DeltaTable(path).history()]


def scanned(path, where):
    """The names of the data files that a query reads, from its plan."""
    plan = QueryBuilder().register("t", DeltaTable(path)).execute(f"explain select * from t where {where}").read_all()
    text = "\n".join(str(row) for row in pa.table(plan).column("plan").to_pylist())
    return sorted({file.rpartition("/")[2] for file in re.findall(r"[^\[\], ]+\.parquet", text)})


names = [create, append, overwrite, merge, delete, update, optimize, z_order, checkpoint, add_columns, add_constraint, restore, vacuum, rows, files, history, scanned]
plain.serve({command.__name__: command for command in names})
