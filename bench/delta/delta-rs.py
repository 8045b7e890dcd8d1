# one step by delta-rs: delta-rs.py FOLDER STEP, prints what it took and what it answered
import json
import os
import resource
import sys
import time

import pyarrow as pa
import pyarrow.dataset as ds
from deltalake import DeltaTable, QueryBuilder, write_deltalake

folder, step, count = sys.argv[1:4]
table = os.path.join(folder, "delta-rs")


def rows_of(name):
    return ds.dataset(os.path.join(folder, "input", f"{name}.parquet")).scanner().to_reader()


def query(sql):
    return pa.table(QueryBuilder().register("t", DeltaTable(table)).execute(sql))


def merge(name):
    source = rows_of(name).read_all()
    done = (
        DeltaTable(table)
        .merge(source, predicate="t.id = s.id", source_alias="s", target_alias="t")
        .when_matched_update_all()
        .when_not_matched_insert_all()
        .execute()
    )
    return done["num_target_rows_updated"]


def append(name):
    reader = rows_of(name)
    write_deltalake(table, reader, mode="append")
    return ds.dataset(os.path.join(folder, "input", f"{name}.parquet")).count_rows()


def tiny():
    path = os.path.join(folder, "delta-rs-tiny")
    schema = pa.schema([("id", pa.int64()), ("name", pa.string())])
    films = DeltaTable.create(path, schema)
    for n in range(int(count)):
        write_deltalake(films, pa.table({"id": [n], "name": [f"name {n}"]}, schema=schema), mode="append")
    return films.to_pyarrow_table().num_rows


steps = {
    "write": lambda: append("rows"),
    "merge_random": lambda: merge("random"),
    "merge_clustered": lambda: merge("clustered"),
    "append": lambda: append("more"),
    "sum": lambda: list(query("SELECT count(*) AS n, sum(vote_count) AS votes FROM t").to_pylist()[0].values()),
    "lookup": lambda: query("SELECT title FROM t WHERE id = 777")["title"].to_pylist(),
    "tiny": tiny,
    "commits": lambda: len(DeltaTable(os.path.join(folder, "commits")).file_uris()),
    "files": lambda: len(DeltaTable(os.path.join(folder, "files")).file_uris()),
}


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


before, started = cpu(), time.perf_counter()
answer = steps[step]()
taken = {"seconds": time.perf_counter() - started, "cpuSeconds": cpu() - before}
print(json.dumps({**taken, "peakMb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "answer": answer}))
