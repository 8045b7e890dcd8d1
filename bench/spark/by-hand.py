# bronze to silver to gold as a good engineer would write it for Spark alone, tables in Delta: by-hand.py FOLDER JARS, prints a line of JSON for each step
# no increments, no contracts, no looking at rows before they are written
import json
import os
import sys
import time

from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from pyspark.sql.window import Window

folder, jars = sys.argv[1:3]
lake = os.path.join(folder, "by-hand")
spark = (
    SparkSession.builder.master("local[2]")
    .config("spark.jars", jars)
    .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
    .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
    .config("spark.driver.memory", os.environ.get("BENCH_MEMORY", "4g"))
    .config("spark.driver.extraJavaOptions", "-XX:+UseSerialGC")
    .config("spark.local.dir", os.path.join(folder, "tmp"))
    .config("spark.sql.shuffle.partitions", "2")
    .config("spark.databricks.delta.snapshotPartitions", "2")
    .config("spark.sql.sources.parallelPartitionDiscovery.parallelism", "8")
    .config("spark.ui.enabled", "false")
    .config("spark.sql.session.timeZone", "UTC")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("ERROR")
jvm = spark.sparkContext._jvm.java.lang.ProcessHandle.current().pid()

PERSON = "credit_id: STRING, id: BIGINT, name: STRING, known_for_department: STRING, gender: INT"
PAYLOAD = f"""
    adult BOOLEAN, video BOOLEAN, title STRING, original_title STRING, tagline STRING, overview STRING, status STRING, release_date STRING,
    original_language STRING, budget BIGINT, revenue BIGINT, runtime INT, popularity DOUBLE, vote_average DOUBLE, vote_count BIGINT, imdb_id STRING,
    poster_path STRING, backdrop_path STRING, homepage STRING,
    belongs_to_collection STRUCT<id: BIGINT, name: STRING>,
    genres ARRAY<STRUCT<id: BIGINT, name: STRING>>,
    production_companies ARRAY<STRUCT<id: BIGINT, name: STRING, origin_country: STRING>>,
    production_countries ARRAY<STRUCT<iso_3166_1: STRING, name: STRING>>,
    spoken_languages ARRAY<STRUCT<iso_639_1: STRING, name: STRING, english_name: STRING>>,
    credits STRUCT<
        cast: ARRAY<STRUCT<{PERSON}, character: STRING, `order`: INT>>,
        crew: ARRAY<STRUCT<{PERSON}, department: STRING, job: STRING>>>"""
HEAD = "id BIGINT, title STRING, credits STRUCT<cast: ARRAY<STRUCT<id: BIGINT>>, crew: ARRAY<STRUCT<id: BIGINT>>>"
FILLED = """movie_id title tagline release_date genres collection_name original_language budget_musd revenue_musd production_companies production_countries
    vote_count vote_average popularity runtime overview spoken_languages poster_path cast cast_size directors crew_size""".split()
LISTS = {"genres", "production_companies", "production_countries", "spoken_languages", "cast", "directors"}


def clean(text):
    trimmed = F.trim(text)
    return F.when(~F.upper(trimmed).isin("", "NO DATA", "N/A"), trimmed)


def names(list, of=lambda item: item["name"]):
    return F.coalesce(F.filter(F.transform(list, lambda item: clean(of(item))), lambda name: name.isNotNull()), F.array().cast("array<string>"))


def joined(list):
    return F.when(F.size(list) > 0, F.array_join(list, "|"))


def save(frame, name):
    frame.write.format("delta").mode("overwrite").save(os.path.join(lake, name))
    return read(name)


def read(name):
    return spark.read.format("delta").load(os.path.join(lake, name))


def load_answers():
    answers = spark.read.text(os.path.join(folder, "answers")).withColumn("head", F.from_json("value", HEAD))
    is_movie = (F.col("head.id") > 0) & (F.trim("head.title") != "") & F.col("head.credits.cast").isNotNull() & F.col("head.credits.crew").isNotNull()
    save(
        answers.filter(is_movie).select(
            F.col("head.id").alias("movie_id"),
            F.lit("2026-01-01 00:00:00").cast("timestamp").alias("fetched_at"),
            F.lit("2026-01-01").cast("date").alias("ingestion_date"),
            F.lit("by-hand").alias("run_id"),
            F.lit(200).alias("http_status"),
            F.sha2("value", 256).alias("sha256"),
            F.col("value").alias("payload"),
        ),
        "bronze.movies",
    )


def staged_movies():
    bronze = read("bronze.movies")
    newest = bronze.groupBy("movie_id").agg(F.max(F.struct("fetched_at", "run_id")).alias("stamp")).select("movie_id", "stamp.*")
    m = F.col("m")
    director = F.transform(
        F.filter(m["credits"]["crew"], lambda p: p["job"] == "Director"), lambda p: F.struct(p["id"].alias("person_id"), clean(p["name"]).alias("name"))
    )
    in_order = F.transform(
        F.array_sort(F.transform(m["credits"]["cast"], lambda p, i: F.struct(p["order"].alias("place"), i.alias("i"), clean(p["name"]).alias("name")))),
        lambda p: p["name"],
    )
    released = F.expr("try_cast(m.release_date AS DATE)")
    cleaned = (
        bronze.join(newest, ["movie_id", "fetched_at", "run_id"], "left_semi")
        .withColumn("m", F.from_json("payload", PAYLOAD))
        .select(
            "movie_id", "fetched_at", "ingestion_date", "run_id", "http_status", "m.adult", "m.video", "m.popularity", "m.vote_count",
            *[clean(m[name]).alias(name) for name in ["status", "title", "original_title", "tagline", "overview", "original_language", "imdb_id", "poster_path", "backdrop_path", "homepage"]],
            clean(m["release_date"]).alias("release_text"),
            F.when(released >= "1888-01-01", released).alias("release_date"),
            m["belongs_to_collection"]["id"].alias("collection_id"),
            clean(m["belongs_to_collection"]["name"]).alias("collection_name"),
            names(m["genres"]).alias("genres"),
            names(m["production_companies"]).alias("production_companies"),
            names(m["production_countries"]).alias("production_countries"),
            F.coalesce(
                F.filter(F.transform(m["spoken_languages"], lambda l: F.coalesce(clean(l["name"]), clean(l["english_name"]))), lambda n: n.isNotNull()),
                F.array().cast("array<string>"),
            ).alias("spoken_languages"),
            F.coalesce(F.filter(in_order, lambda n: n.isNotNull()), F.array().cast("array<string>")).alias("cast"),
            F.when(m["credits"]["cast"].isNotNull(), F.size(m["credits"]["cast"])).alias("cast_size"),
            F.coalesce(F.array_distinct(F.filter(director, lambda p: p["name"].isNotNull())), F.array()).alias("directors"),
            F.when(m["credits"]["crew"].isNotNull(), F.size(m["credits"]["crew"])).alias("crew_size"),
            F.when(m["budget"] > 0, m["budget"] / 1e6).alias("budget_musd"),
            F.when(m["revenue"] > 0, m["revenue"] / 1e6).alias("revenue_musd"),
            F.when(m["runtime"] > 0, m["runtime"]).alias("runtime"),
            F.when(F.coalesce(m["vote_count"] > 0, F.lit(True)), m["vote_average"]).alias("vote_average"),
            m["genres"].alias("genre_list"), m["production_companies"].alias("company_list"), m["production_countries"].alias("country_list"),
            m["spoken_languages"].alias("language_list"), m["credits"]["cast"].alias("cast_list"), m["credits"]["crew"].alias("crew_list"),
        )
    )  # fmt: skip
    filled = sum((F.size(name) > 0).cast("int") if name in LISTS else F.col(name).isNotNull().cast("int") for name in FILLED)
    return cleaned.withColumn("filled_count", filled).persist()


def build_silver():
    staged = staged_movies()
    kept = staged.filter("http_status = 200 AND status = 'Released' AND title IS NOT NULL AND filled_count >= 10")
    internal = "fetched_at ingestion_date run_id http_status status release_text genre_list company_list country_list language_list cast_list crew_list filled_count"
    movies = save(kept.drop(*internal.split()), "silver.movies")
    save(
        movies.select(
            F.col("movie_id").alias("id"), "title", "tagline", "release_date", joined("genres").alias("genres"), F.col("collection_name").alias("belongs_to_collection"),
            "original_language", "budget_musd", "revenue_musd", joined("production_companies").alias("production_companies"),
            joined("production_countries").alias("production_countries"), "vote_count", "vote_average", "popularity", "runtime", "overview",
            joined("spoken_languages").alias("spoken_languages"), "poster_path", joined("cast").alias("cast"), "cast_size",
            joined(F.transform("directors", lambda d: d["name"])).alias("director"), "crew_size",
        ),
        "silver.movies_curated",
    )  # fmt: skip

    def credit(kind, **own):
        column = {"character": F.lit(None).cast("string"), "order": F.lit(None).cast("int"), "department": F.lit(None).cast("string"), "job": F.lit(None).cast("string")}
        column.update({name: F.col(f"p.{name}") for name in own["has"]})
        return kept.select("movie_id", F.explode(f"{kind}_list").alias("p")).select(
            "p.credit_id", "movie_id", F.col("p.id").alias("person_id"), F.lit(kind).alias("kind"), clean(F.col("p.name")).alias("name"),
            clean(column["character"]).alias("character"), column["order"].alias("billing_order"), clean(column["department"]).alias("department"),
            clean(column["job"]).alias("job"), clean(F.col("p.known_for_department")).alias("known_for_department"), "p.gender",
        )  # fmt: skip

    every = credit("cast", has=["character", "order"]).unionByName(credit("crew", has=["department", "job"]))
    credits = save(every.filter("person_id IS NOT NULL AND name IS NOT NULL"), "silver.credits")
    save(
        credits.groupBy("person_id").agg(
            F.max_by("name", "movie_id").alias("name"), F.max_by("known_for_department", "movie_id").alias("known_for_department"),
            F.max_by("gender", "movie_id").alias("gender"), F.countDistinct("movie_id").cast("int").alias("movie_count"),
        ),
        "silver.people",
    )  # fmt: skip

    def links(name, list, id, key, text, **more):
        items = kept.select("movie_id", F.explode(list).alias("i")).select("movie_id", F.col(f"i.{id}").alias(key), text(F.col("i")).alias(name), *[clean(F.col(f"i.{one}")).alias(one) for one in more.get("others", [])])
        return items.filter(F.col(key).isNotNull() & F.col(name).isNotNull()).groupBy("movie_id", key).agg(*[F.max(one).alias(one) for one in [name, *more.get("others", [])]])

    def name_of(item):
        return clean(item["name"])

    save(links("genre", "genre_list", "id", "genre_id", name_of), "silver.movie_genres")
    save(links("company", "company_list", "id", "company_id", name_of, others=["origin_country"]), "silver.movie_companies")
    save(links("country", "country_list", "iso_3166_1", "iso_3166_1", name_of), "silver.movie_countries")
    save(links("language", "language_list", "iso_639_1", "iso_639_1", lambda l: F.coalesce(clean(l["name"]), clean(l["english_name"]))), "silver.movie_languages")
    save(movies.filter("collection_id IS NOT NULL").groupBy("collection_id").agg(F.max("collection_name").alias("name"), F.count("*").cast("int").alias("movie_count")), "silver.collections")
    # one answer a movie here; with several, the last of each day would be parsed as well
    save(
        staged.filter("http_status = 200").selectExpr(
            "movie_id", "ingestion_date AS measured_on", "popularity", "vote_average", "vote_count", "budget_musd", "revenue_musd"
        ),
        "silver.movie_measures",
    )
    reasons = [
        (staged, "http_status = 200 AND status IS DISTINCT FROM 'Released'", "not_released", "'status is ' || coalesce(status, 'missing')", "error"),
        (staged, "http_status = 200 AND status = 'Released' AND title IS NOT NULL AND filled_count < 10", "fewer_than_10_filled", "filled_count || ' of 22 columns filled'", "error"),
        (kept, "release_text IS NOT NULL AND release_date IS NULL", "release_date_invalid", "'release_date is ' || release_text", "warning"),
        (kept, "budget_musd < 0.001", "budget_suspicious", "'budget is ' || CAST(budget_musd * 1e6 AS BIGINT) || ' USD'", "warning"),
    ]
    refused = None
    for rows, condition, reason, detail, severity in reasons:
        one = rows.filter(condition).selectExpr("movie_id", "run_id", "fetched_at", f"'{reason}' AS reason", f"{detail} AS detail", f"'{severity}' AS severity")
        refused = one if refused is None else refused.unionByName(one)
    save(refused, "silver.quarantine")
    staged.unpersist()


def build_gold():
    movies = read("silver.movies")
    films = save(
        movies.selectExpr(
            "movie_id", "title", "release_date", "year(release_date) AS year", "genres", "original_language", "collection_id", "collection_name", "budget_musd", "revenue_musd",
            "revenue_musd - budget_musd AS profit_musd", "revenue_musd / budget_musd AS roi",
            "coalesce(budget_musd >= 10, false) AND revenue_musd IS NOT NULL AS is_roi_eligible", "vote_average", "vote_count", "popularity", "runtime",
        ),
        "gold.movie_performance",
    )  # fmt: skip
    eligible = "is_roi_eligible"
    rated = "vote_count >= 10"
    rankings = [
        ("highest_revenue", "revenue_musd", -1, "true"), ("highest_budget", "budget_musd", -1, "true"), ("highest_profit", "profit_musd", -1, "true"),
        ("lowest_profit", "profit_musd", 1, "true"), ("highest_roi", "roi", -1, eligible), ("lowest_roi", "roi", 1, eligible), ("most_voted", "CAST(vote_count AS DOUBLE)", -1, "true"),
        ("highest_rated", "vote_average", -1, rated), ("lowest_rated", "vote_average", 1, rated), ("most_popular", "popularity", -1, "true"),
    ]  # fmt: skip
    heads = None
    for ranking, value, sign, condition in rankings:
        head = films.filter(condition).selectExpr(f"'{ranking}' AS ranking", "movie_id", "title", f"{value} AS value", f"{sign} * {value} AS place").filter("value IS NOT NULL")
        head = head.orderBy("place", "movie_id").limit(10)
        heads = head if heads is None else heads.unionByName(head)
    rank = F.row_number().over(Window.partitionBy("ranking").orderBy("place", "movie_id"))
    save(heads.select("ranking", rank.alias("rank"), "movie_id", "title", "value"), "gold.rankings")

    def found(search, rows, order):
        ranked = rows.select("movie_id", "title", "release_date", "runtime", "vote_average", "vote_count")
        return ranked.select(F.lit(search).alias("search"), F.row_number().over(Window.orderBy(order, "movie_id")).alias("rank"), "*")

    willis = movies.filter("array_contains(genres, 'Science Fiction') AND array_contains(genres, 'Action') AND array_contains(`cast`, 'Bruce Willis')")
    thurman = movies.filter("array_contains(`cast`, 'Uma Thurman') AND exists(directors, d -> d.name = 'Quentin Tarantino')")
    save(
        found("bruce_willis_scifi_action", willis, F.desc_nulls_last("vote_average")).unionByName(found("uma_thurman_tarantino", thurman, F.asc_nulls_last("runtime"))),
        "gold.search_results",
    )

    count, revenue, mean_revenue = F.count("*").alias("movie_count"), F.sum("revenue_musd").alias("total_revenue_musd"), F.avg("revenue_musd").alias("mean_revenue_musd")
    budget, rating = F.avg("budget_musd").alias("mean_budget_musd"), F.avg("vote_average").alias("mean_rating")

    def roi(of, name):
        return F.expr(f"{of} FILTER (WHERE is_roi_eligible) AS {name}")

    median = roi("percentile(roi, 0.5)", "median_roi")
    kind = F.when(F.col("collection_id").isNull(), "standalone").otherwise("franchise").alias("kind")
    save(films.groupBy(kind).agg(count, mean_revenue, median, budget, F.avg("popularity").alias("mean_popularity"), rating), "gold.franchise_vs_standalone")
    in_collections = films.filter("collection_id IS NOT NULL").groupBy("collection_id")
    save(in_collections.agg(F.max("collection_name").alias("name"), count, F.sum("budget_musd").alias("total_budget_musd"), budget, revenue, mean_revenue, rating), "gold.franchises")
    directed = movies.select(F.explode("directors").alias("d"), "revenue_musd", "vote_average").select("d.*", "revenue_musd", "vote_average")
    save(directed.groupBy("person_id").agg(F.max("name").alias("name"), count, revenue, rating), "gold.directors")
    spread = [roi(of, f"roi_{name}") for of, name in [("count(roi)", "count"), ("min(roi)", "min"), ("percentile(roi, 0.25)", "q1"), ("percentile(roi, 0.5)", "median"), ("percentile(roi, 0.75)", "q3"), ("max(roi)", "max"), ("avg(roi)", "mean")]]
    save(films.withColumn("genre", F.explode("genres")).groupBy("genre").agg(count, *spread, revenue, rating), "gold.genres")
    save(films.filter("year IS NOT NULL").groupBy("year").agg(count, revenue, mean_revenue, budget, rating), "gold.years")
    save(films.filter("year IS NOT NULL").groupBy(F.expr("year div 10 * 10").alias("decade")).agg(count, revenue, mean_revenue, budget, rating), "gold.decades")
    save(films.filter("release_date IS NOT NULL").groupBy(F.month("release_date").alias("month")).agg(count, revenue, mean_revenue, budget, rating), "gold.months")
    save(films.filter("original_language IS NOT NULL").groupBy("original_language").agg(count, revenue, mean_revenue, median, rating), "gold.languages")
    companies = read("silver.movie_companies").join(films, "movie_id").groupBy("company_id")
    save(companies.agg(F.max("company").alias("company"), count, revenue, mean_revenue, median, rating), "gold.companies")
    countries = read("silver.movie_countries").join(films, "movie_id").groupBy("iso_3166_1")
    save(countries.agg(F.max("country").alias("country"), count, revenue, mean_revenue, median, rating), "gold.countries")
    roles = read("silver.credits").filter("kind = 'cast'").groupBy("person_id", "movie_id").agg(F.min("billing_order").alias("billing_order"))
    played = roles.join(films, "movie_id").groupBy("person_id").agg(count, F.min("billing_order").alias("best_billing"), revenue, rating)
    save(played.join(read("silver.people").select("person_id", "name"), "person_id"), "gold.actors")
    measures = ["popularity", "vote_average", "vote_count", "budget_musd", "revenue_musd"]
    days = Window.partitionBy("movie_id").orderBy("measured_on")
    last = Window.partitionBy("movie_id").orderBy(F.desc("measured_on"))
    moved = read("silver.movie_measures").select(
        "*", F.row_number().over(last).alias("place"), F.lag("measured_on").over(days).alias("previous_on"), F.lag(F.struct(*measures)).over(days).alias("previous")
    )
    changes = [(F.col(name) - F.col(f"previous.{name}")).alias(f"{name}_change") for name in measures]
    movers = moved.filter("place = 1 AND previous_on IS NOT NULL").select("movie_id", "measured_on", "previous_on", *changes)
    save(movers.join(movies.select("movie_id", "title"), "movie_id"), "gold.movers")


def cpu_seconds():
    with open(f"/proc/{jvm}/stat") as stat:
        user, system = stat.read().rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def peak_mb():
    with open(f"/proc/{jvm}/status") as status:
        return int(next(line for line in status if line.startswith("VmHWM")).split()[1]) / 1024


for step, work in [("import", load_answers), ("silver", build_silver), ("gold", build_gold)]:
    cpu, started = cpu_seconds(), time.perf_counter()
    work()
    seconds = time.perf_counter() - started
    print(json.dumps({"step": step, "seconds": seconds, "cpuSeconds": cpu_seconds() - cpu, "peakMb": peak_mb()}), flush=True)
