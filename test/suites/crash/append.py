# appends one row after the other, and prints a line of JSON for what was acknowledged: append.py FOLDER NAME COUNT
import json
import sys

import pyarrow as pa
from deltalake import CommitProperties, write_deltalake

folder, name, count = sys.argv[1:]
for n in range(int(count)):
    rows = pa.table({"writer": [name], "n": pa.array([n], pa.int64()), "part": pa.array([0], pa.int64())})
    note = CommitProperties(custom_metadata={"userMetadata": f"{name} {n}"}, max_commit_retries=1000)
    write_deltalake(folder, rows, mode="append", commit_properties=note)
    print(json.dumps({"writer": name, "n": n, "rows": 1}), flush=True)
