"""Spark with Delta, asked by requests on standard input: see plain.py. `spark_engine.py JARS WORK`."""
import glob
import json
import os
import sys
from urllib.parse import unquote

import pyarrow.parquet as pq
from pyspark.sql import SparkSession
from pyspark.sql.types import StructType

import plain

jars, work = sys.argv[1:]
settings = {
    "spark.jars": ",".join(sorted(glob.glob(f"{jars}/*.jar"))),
    "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
    "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
    "spark.sql.warehouse.dir": f"{work}/warehouse",
    "spark.local.dir": f"{work}/local",
    "spark.driver.memory": "1g",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.extraJavaOptions": f"-Duser.timezone=UTC -Dderby.system.home={work} -XX:+UseSerialGC -XX:TieredStopAtLevel=1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.session.timeZone": "UTC",
    # small tables: what would spread the work only takes time
    "spark.sql.shuffle.partitions": "1",
    "spark.default.parallelism": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.databricks.delta.snapshotPartitions": "1",
    "spark.sql.sources.parallelPartitionDiscovery.parallelism": "1",
    "spark.databricks.delta.retentionDurationCheck.enabled": "false",
}
builder = SparkSession.builder.master("local[2]")
for key, value in settings.items():
    builder = builder.config(key, value)
spark = builder.getOrCreate()
spark.sparkContext.setLogLevel("OFF")


def quoted(name):
    return "`" + name.replace("`", "``") + "`"


def table(path):
    return f"delta.{quoted(path)}"


def text(value):
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def frame(fields, rows):
    """Rows as a frame, by way of a Parquet file."""
    file = os.path.join(work, "rows.parquet")
    pq.write_table(plain.arrow_table(fields, rows), file)
    return spark.read.schema(schema_of(fields)).parquet(file)


def schema_of(fields):
    return StructType.fromJson({"type": "struct", "fields": fields})


def create(path, fields, partition_by, properties):
    columns = ", ".join(
        f"{quoted(field.name)} {field.dataType.simpleString()}{'' if field.nullable else ' NOT NULL'}" for field in schema_of(fields)
    )
    partitions = f" PARTITIONED BY ({', '.join(map(quoted, partition_by))})" if partition_by else ""
    listed = ", ".join(f"{text(key)} = {text(value)}" for key, value in properties.items())
    spark.sql(f"CREATE TABLE {table(path)} ({columns}) USING delta{partitions}" + (f" TBLPROPERTIES ({listed})" if listed else ""))


def append(path, fields, rows):
    frame(fields, rows).write.format("delta").mode("append").save(path)


def overwrite(path, fields, rows):
    frame(fields, rows).write.format("delta").mode("overwrite").save(path)


def merge(path, fields, rows, on):
    frame(fields, rows).createOrReplaceTempView("source")
    condition = " AND ".join(f"t.{quoted(name)} = s.{quoted(name)}" for name in on)
    spark.sql(f"MERGE INTO {table(path)} t USING source s ON {condition} WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *")


def delete(path, where):
    spark.sql(f"DELETE FROM {table(path)} WHERE {where}")


def update(path, where, column, value):
    spark.sql(f"UPDATE {table(path)} SET {quoted(column)} = {value} WHERE {where}")


def optimize(path):
    spark.sql(f"OPTIMIZE {table(path)}")


def z_order(path, by):
    spark.sql(f"OPTIMIZE {table(path)} ZORDER BY ({', '.join(map(quoted, by))})")


def checkpoint(path):
    log_of(path).checkpoint()


def log_of(path):
    return spark._jvm.org.apache.spark.sql.delta.DeltaLog.forTable(spark._jsparkSession, path)


def add_columns(path, fields):
    columns = ", ".join(f"{quoted(field.name)} {field.dataType.simpleString()}" for field in schema_of(fields))
    spark.sql(f"ALTER TABLE {table(path)} ADD COLUMNS ({columns})")


def widen(path, name, type):
    of = StructType.fromJson({"type": "struct", "fields": [{"name": name, "type": type, "nullable": True, "metadata": {}}]})[name].dataType
    spark.sql(f"ALTER TABLE {table(path)} ALTER COLUMN {quoted(name)} TYPE {of.simpleString()}")


def add_constraint(path, name, condition):
    spark.sql(f"ALTER TABLE {table(path)} ADD CONSTRAINT {quoted(name)} CHECK ({condition})")


def restore(path, version):
    spark.sql(f"RESTORE TABLE {table(path)} TO VERSION AS OF {version}")


def vacuum(path):
    spark.sql(f"VACUUM {table(path)} RETAIN 0 HOURS")


def sql(path, text):
    """Anything else, with the table's name where the text says `{table}`."""
    spark.sql(text.replace("{table}", table(path)))


def select(path, version=None, where=None):
    reader = spark.read.format("delta")
    found = (reader if version is None else reader.option("versionAsOf", version)).load(path)
    return found if where is None else found.where(where)


def rows(path, version=None, where=None):
    found = select(path, version, where)
    fields = json.loads(found.schema.json())["fields"]
    return {"fields": fields, "rows": plain.render_rows(fields, found.toArrow())}


def files(path):
    """The names of the data files of the newest version, whether they are there or not."""
    return sorted(unquote(os.path.basename(file)) for file in select(path).inputFiles())


def history(path):
    return [[row.version, row.operation] for row in spark.sql(f"DESCRIBE HISTORY {table(path)}").collect()]


def scanned(path, where):
    """The names of the data files that a query reads."""
    return sorted(os.path.basename(file) for file in select(path, None, where).inputFiles())


def changes(path, since):
    """The change data feed from a version on, with what became of each row, and by which version."""
    found = spark.read.format("delta").option("readChangeFeed", "true").option("startingVersion", since).load(path).drop("_commit_timestamp")
    fields = json.loads(found.schema.json())["fields"]
    return {"fields": fields, "rows": plain.render_rows(fields, found.toArrow())}


names = [changes, create, append, overwrite, merge, delete, update, optimize, z_order, checkpoint, add_columns, widen, add_constraint, restore, vacuum, sql, rows, files, history, scanned]


def with_instants(command):
    """The command, with instants written as `instants` says: INT96, as Spark does by default, or TIMESTAMP_MICROS."""

    def run(instants="INT96", **request):
        spark.conf.set("spark.sql.parquet.outputTimestampType", instants)
        return command(**request)

    return run


plain.serve({command.__name__: with_instants(command) for command in names})
