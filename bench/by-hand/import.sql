-- bronze as a good engineer would load it: the body as text, beside it what is needed to find the newest without parsing;
-- movie_id is null where the body is no movie. As a filter the same would parse each body twice.
copy (
  select
    case when head.id > 0 and trim(head.title) <> '' and head.credits.cast is not null and head.credits.crew is not null then head.id end as movie_id,
    timestamptz '2026-01-01 00:00:00+00' as fetched_at,
    date '2026-01-01' as ingestion_date,
    'by-hand' as run_id,
    filename as request,
    200 as http_status,
    cast(null as varchar) as etag,
    sha256(payload) as sha256,
    payload
  from (
    select
      filename,
      cast(json as varchar) as payload,
      json_transform(json, '{"id": "BIGINT", "title": "VARCHAR", "credits": {"cast": [{"id": "BIGINT"}], "crew": [{"id": "BIGINT"}]}}') as head
    from read_ndjson_objects('answers/*.ndjson', filename = true)
  )
) to 'by-hand/bronze.parquet' (format parquet, compression zstd, row_group_size 2048);
