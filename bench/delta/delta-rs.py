# one step by delta-rs: delta-rs.py FOLDER STEP, prints what it took and what it answered
import json
import os
import resource
import sys
import time

import pyarrow as pa
import pyarrow.dataset as ds
from deltalake import DeltaTable, QueryBuilder, write_deltalake

folder, step, count, every_column = sys.argv[1:5]
table = os.path.join(folder, "delta-rs")


def rows_of(name):
    return ds.dataset(os.path.join(folder, "input", f"{name}.parquet")).scanner().to_reader()


def query(sql, films=None):
    return pa.table(QueryBuilder().register("t", films or DeltaTable(table)).execute(sql))


def again(sql):
    films = DeltaTable(table)
    query(sql, films)
    restart()
    return query(sql, films)


def values(found):
    return list(found.to_pylist()[0].values())


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


count_and_sum = "SELECT count(*) AS n, sum(vote_count) AS votes FROM t"
one_row = "SELECT title FROM t WHERE id = 777"
steps = {
    "write": lambda: append("rows"),
    "merge_random": lambda: merge("random"),
    "merge_clustered": lambda: merge("clustered"),
    "append": lambda: append("more"),
    "sum": lambda: values(query(count_and_sum)),
    "sum_again": lambda: values(again(count_and_sum)),
    "all": lambda: values(query(every_column)),
    "lookup": lambda: query(one_row)["title"].to_pylist(),
    "lookup_again": lambda: again(one_row)["title"].to_pylist(),
    "tiny": tiny,
    "commits": lambda: len(DeltaTable(os.path.join(folder, "commits")).file_uris()),
    "files": lambda: len(DeltaTable(os.path.join(folder, "files")).file_uris()),
}


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


before, started = cpu(), time.perf_counter()


def restart():
    """What was done until now does not count."""
    global before, started
    before, started = cpu(), time.perf_counter()


answer = steps[step]()
taken = {"seconds": time.perf_counter() - started, "cpuSeconds": cpu() - before}
print(json.dumps({**taken, "peakMb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "answer": answer}))
