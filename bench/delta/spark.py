# all steps by Spark, one after the other in one session: spark.py FOLDER STEP,STEP,… APPENDS JARS, prints a line for each: what it took and what it answered
import json
import os
import sys
import time

from pyspark.sql import SparkSession

folder, names, count, jars, every_column = sys.argv[1:6]
table = os.path.join(folder, "spark")
spark = (
    SparkSession.builder.master("local[2]")
    .config("spark.jars", jars)
    .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
    .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
    .config("spark.driver.memory", "4g")
    .config("spark.sql.shuffle.partitions", "2")
    .config("spark.databricks.delta.snapshotPartitions", "2")
    .config("spark.ui.enabled", "false")
    .config("spark.sql.session.timeZone", "UTC")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("ERROR")
jvm = spark.sparkContext._jvm.java.lang.ProcessHandle.current().pid()


def rows_of(name):
    return spark.read.parquet(os.path.join(folder, "input", f"{name}.parquet"))


def append(name):
    rows = rows_of(name)
    rows.write.format("delta").mode("append").save(table)
    return rows.count()


def merge(name):
    rows_of(name).createOrReplaceTempView("s")
    done = spark.sql(f"MERGE INTO delta.`{table}` t USING s ON t.id = s.id WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *")
    return done.collect()[0]["num_updated_rows"]


def tiny():
    path = os.path.join(folder, "spark-tiny")
    for n in range(int(count)):
        spark.sql(f"SELECT CAST({n} AS BIGINT) AS id, 'name {n}' AS name").write.format("delta").mode("append").save(path)
    return spark.read.format("delta").load(path).count()


def query(sql):
    return [list(row) for row in spark.sql(sql).collect()]


def files(name):
    return len(spark.read.format("delta").load(os.path.join(folder, name)).inputFiles())


count_and_sum = f"SELECT count(*), sum(vote_count) FROM delta.`{table}`"
one_row = f"SELECT title FROM delta.`{table}` WHERE id = 777"
steps = {
    "write": lambda: append("rows"),
    "merge_random": lambda: merge("random"),
    "merge_clustered": lambda: merge("clustered"),
    "append": lambda: append("more"),
    "sum": lambda: query(count_and_sum)[0],
    "sum_again": lambda: query(count_and_sum)[0],
    "all": lambda: query(every_column.replace("FROM t", f"FROM delta.`{table}`"))[0],
    "lookup": lambda: [title for [title] in query(one_row)],
    "lookup_again": lambda: [title for [title] in query(one_row)],
    "tiny": tiny,
    "commits": lambda: files("commits"),
    "files": lambda: files("files"),
}


def used():
    """Seconds of processor time and the highest resident set in MB, of the JVM that does the work."""
    with open(f"/proc/{jvm}/stat") as stat, open(f"/proc/{jvm}/status") as status:
        fields = stat.read().rsplit(")", 1)[1].split()
        peak = next(line for line in status if line.startswith("VmHWM"))
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), int(peak.split()[1]) / 1024


for name in names.split(","):
    before, started = used()[0], time.perf_counter()
    answer = steps[name]()
    seconds = time.perf_counter() - started
    cpu, peak = used()
    print(json.dumps({"step": name, "seconds": seconds, "cpuSeconds": cpu - before, "peakMb": peak, "answer": answer}), flush=True)
spark.stop()
