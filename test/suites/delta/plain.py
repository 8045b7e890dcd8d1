"""Values as the suite writes them in JSON, whichever engine they came from, and requests line by line."""
import datetime
import decimal
import json
import os
import re
import sys

import pyarrow as pa

# what libraries print, and programs that they start, goes to standard error
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
EPOCH = datetime.datetime(1970, 1, 1)
MICROSECOND = datetime.timedelta(microseconds=1)
SCALARS = {
    "byte": pa.int8(), "short": pa.int16(), "integer": pa.int32(), "long": pa.int64(), "float": pa.float32(), "double": pa.float64(),
    "boolean": pa.bool_(), "string": pa.string(), "binary": pa.binary(), "date": pa.date32(),
    "timestamp": pa.timestamp("us", "UTC"), "timestamp_ntz": pa.timestamp("us"),
}


def arrow_type(of):
    """The Arrow type of a type of Delta's schema JSON."""
    if isinstance(of, str):
        digits = re.fullmatch(r"decimal\((\d+),(\d+)\)", of)
        return pa.decimal128(int(digits[1]), int(digits[2])) if digits else SCALARS[of]
    if of["type"] == "array":
        return pa.list_(pa.field("element", arrow_type(of["elementType"]), of["containsNull"]))
    if of["type"] == "map":
        value = pa.field("value", arrow_type(of["valueType"]), of["valueContainsNull"])
        return pa.map_(pa.field("key", arrow_type(of["keyType"]), False), value)
    return pa.struct([arrow_field(field) for field in of["fields"]])


def arrow_field(field):
    return pa.field(field["name"], arrow_type(field["type"]), field["nullable"])


def arrow_table(fields, rows):
    """Rows of JSON as an Arrow table."""
    columns = [pa.array([parse(field["type"], row[field["name"]]) for row in rows], arrow_type(field["type"])) for field in fields]
    return pa.Table.from_arrays(columns, schema=pa.schema([arrow_field(field) for field in fields]))


def parse(of, value):
    """What Arrow takes for a value of JSON."""
    if value is None:
        return None
    if not isinstance(of, str):
        return parse_nested(of, value)
    if of in ("byte", "short", "integer", "long"):
        return int(value)
    if of in ("float", "double"):
        return float(value)
    if of.startswith("decimal"):
        return decimal.Decimal(value)
    if of == "binary":
        return bytes.fromhex(value)
    if of == "date":
        return datetime.date.fromisoformat(value)
    if of in ("timestamp", "timestamp_ntz"):
        return (datetime.datetime.fromisoformat(value.removesuffix("Z")) - EPOCH) // MICROSECOND
    return value


def parse_nested(of, value):
    if of["type"] == "array":
        return [parse(of["elementType"], item) for item in value]
    if of["type"] == "map":
        return [(parse(of["keyType"], key), parse(of["valueType"], item)) for key, item in value]
    return {field["name"]: parse(field["type"], value[field["name"]]) for field in of["fields"]}


def render(of, scalar):
    """A value of Arrow as JSON: integers, floats and decimals as text, binary in hexadecimal digits, maps as pairs."""
    if scalar is None or not scalar.is_valid:
        return None
    if pa.types.is_dictionary(scalar.type):
        return render(of, scalar.value)
    if not isinstance(of, str):
        return render_nested(of, scalar)
    if of in ("timestamp", "timestamp_ntz"):
        at = EPOCH + scalar.cast(pa.timestamp("us", scalar.type.tz)).value * MICROSECOND
        return at.isoformat(timespec="microseconds") + ("Z" if of == "timestamp" else "")
    value = scalar.as_py()
    if of == "date":
        return value.isoformat()
    if of == "binary":
        return value.hex()
    if of.startswith("decimal"):
        return format(value, "f")
    return value if of in ("string", "boolean") else repr(value)


def render_nested(of, scalar):
    if of["type"] == "array":
        return [render(of["elementType"], item) for item in scalar.values]
    if of["type"] == "map":
        keys, items = scalar.values.field(0), scalar.values.field(1)
        return [[render(of["keyType"], key), render(of["valueType"], item)] for key, item in zip(keys, items)]
    return {field["name"]: render(field["type"], scalar[field["name"]]) for field in of["fields"]}


def render_rows(fields, table):
    columns = [[render(field["type"], scalar) for scalar in table.column(field["name"])] for field in fields]
    return [dict(zip([field["name"] for field in fields], row)) for row in zip(*columns)]


def serve(commands):
    """Answers requests, a line of JSON each, until there are no more."""
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"result": commands[request.pop("command")](**request)}
        except Exception as error:
            answer = {"error": re.sub(r"An error occurred while calling \S+\s+: ", "", f"{type(error).__name__}: {error}")[:4000]}
        print(json.dumps(answer), file=answers, flush=True)
    # the threads of delta-rs can abort an interpreter that ends in the usual way
    os._exit(0)
