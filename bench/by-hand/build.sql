-- bronze to silver to gold, as a good engineer would write it for DuckDB alone: no Delta log, no increments, no contracts
create macro clean(x) as case when length(trim(x)) > 7 then trim(x) when upper(trim(x)) not in ('', 'NO DATA', 'N/A') then trim(x) end;
create macro names(list) as list_filter(list_transform(list, lambda x: clean(x.name)), lambda n: n is not null);

-- newest first, on narrow columns; then each winner is parsed once
create temp table newest as
select movie_id, max(struct_pack(fetched_at := fetched_at, run_id := run_id)) as stamp
from read_parquet('by-hand/bronze.parquet')
where movie_id is not null
group by movie_id;

copy (
  with parsed as (
    select
      b.movie_id, b.fetched_at, b.ingestion_date, b.run_id, b.http_status,
      from_json(b.payload, '{
        "adult": "BOOLEAN", "video": "BOOLEAN", "title": "VARCHAR", "original_title": "VARCHAR", "tagline": "VARCHAR", "overview": "VARCHAR",
        "status": "VARCHAR", "release_date": "VARCHAR", "original_language": "VARCHAR", "budget": "BIGINT", "revenue": "BIGINT", "runtime": "INTEGER",
        "popularity": "DOUBLE", "vote_average": "DOUBLE", "vote_count": "BIGINT", "imdb_id": "VARCHAR", "poster_path": "VARCHAR",
        "backdrop_path": "VARCHAR", "homepage": "VARCHAR",
        "belongs_to_collection": {"id": "BIGINT", "name": "VARCHAR"},
        "genres": [{"id": "BIGINT", "name": "VARCHAR"}],
        "production_companies": [{"id": "BIGINT", "name": "VARCHAR", "origin_country": "VARCHAR"}],
        "production_countries": [{"iso_3166_1": "VARCHAR", "name": "VARCHAR"}],
        "spoken_languages": [{"iso_639_1": "VARCHAR", "name": "VARCHAR", "english_name": "VARCHAR"}],
        "credits": {
          "cast": [{"credit_id": "VARCHAR", "id": "BIGINT", "name": "VARCHAR", "known_for_department": "VARCHAR", "gender": "INTEGER", "character": "VARCHAR", "order": "INTEGER"}],
          "crew": [{"credit_id": "VARCHAR", "id": "BIGINT", "name": "VARCHAR", "known_for_department": "VARCHAR", "gender": "INTEGER", "department": "VARCHAR", "job": "VARCHAR"}]
        }
      }') as m
    from read_parquet('by-hand/bronze.parquet') b
    semi join newest n on b.movie_id = n.movie_id and b.fetched_at = n.stamp.fetched_at and b.run_id = n.stamp.run_id
  ),
  cleaned as (
    select
      movie_id, fetched_at, ingestion_date, run_id, http_status,
      clean(m.status) as status, clean(m.title) as title, clean(m.original_title) as original_title, clean(m.tagline) as tagline,
      clean(m.overview) as overview,
      m.release_date as release_text,
      case when try_cast(m.release_date as date) >= date '1888-01-01' then try_cast(m.release_date as date) end as release_date,
      clean(m.original_language) as original_language,
      m.belongs_to_collection.id as collection_id, clean(m.belongs_to_collection.name) as collection_name,
      coalesce(names(m.genres), []) as genres,
      coalesce(names(m.production_companies), []) as production_companies,
      coalesce(names(m.production_countries), []) as production_countries,
      coalesce(list_filter(list_transform(m.spoken_languages, lambda l: coalesce(clean(l.name), clean(l.english_name))), lambda n: n is not null), []) as spoken_languages,
      coalesce(list_transform(list_sort(list_transform(m.credits.cast, lambda p: struct_pack(o := p."order", n := clean(p.name))), 'asc', 'nulls last'), lambda p: p.n), []) as "cast",
      cast(len(m.credits.cast) as integer) as cast_size,
      coalesce(list_transform(list_sort(list_distinct(list_transform(list_filter(m.credits.crew, lambda p: p.job = 'Director'),
        lambda p: struct_pack(name := clean(p.name), person_id := p.id)))), lambda p: struct_pack(person_id := p.person_id, name := p.name)), []) as directors,
      cast(len(m.credits.crew) as integer) as crew_size,
      case when m.budget > 0 then m.budget / 1e6 end as budget_musd,
      case when m.revenue > 0 then m.revenue / 1e6 end as revenue_musd,
      case when m.runtime > 0 then m.runtime end as runtime,
      m.popularity as popularity,
      case when m.vote_count > 0 then m.vote_average end as vote_average,
      m.vote_count as vote_count,
      clean(m.imdb_id) as imdb_id, clean(m.poster_path) as poster_path, clean(m.backdrop_path) as backdrop_path, clean(m.homepage) as homepage,
      m.adult as adult, m.video as video,
      m.genres as genre_list, m.production_companies as company_list, m.production_countries as country_list, m.spoken_languages as language_list,
      m.credits.cast as cast_list, m.credits.crew as crew_list
    from parsed
  )
  select *,
    1 + (title is not null)::int + (tagline is not null)::int + (release_date is not null)::int + (len(genres) > 0)::int + (collection_name is not null)::int
      + (original_language is not null)::int + (budget_musd is not null)::int + (revenue_musd is not null)::int + (len(production_companies) > 0)::int
      + (len(production_countries) > 0)::int + (vote_count is not null)::int + (vote_average is not null)::int + (popularity is not null)::int
      + (runtime is not null)::int + (overview is not null)::int + (len(spoken_languages) > 0)::int + (poster_path is not null)::int
      + (len("cast") > 0)::int + (cast_size is not null)::int + (len(directors) > 0)::int + (crew_size is not null)::int as filled_count
  from cleaned
) to 'by-hand/staged.parquet' (format parquet, compression snappy, row_group_size 20480);

create view staged as from 'by-hand/staged.parquet';
create view kept as from staged where http_status = 200 and status = 'Released' and title is not null and filled_count >= 10;

copy (
  select * exclude (fetched_at, ingestion_date, run_id, http_status, status, release_text, genre_list, company_list, country_list, language_list, cast_list, crew_list, filled_count)
  from kept
) to 'by-hand/silver/movies.parquet' (format parquet, compression zstd);

copy (
  select
    movie_id as id, title, tagline, release_date, nullif(array_to_string(genres, '|'), '') as genres, collection_name as belongs_to_collection,
    original_language, budget_musd, revenue_musd, nullif(array_to_string(production_companies, '|'), '') as production_companies,
    nullif(array_to_string(production_countries, '|'), '') as production_countries, vote_count, vote_average, popularity, runtime, overview,
    nullif(array_to_string(spoken_languages, '|'), '') as spoken_languages, poster_path, nullif(array_to_string("cast", '|'), '') as "cast", cast_size,
    nullif(array_to_string(list_transform(directors, lambda d: d.name), '|'), '') as director, crew_size
  from 'by-hand/silver/movies.parquet'
) to 'by-hand/silver/movies_curated.parquet' (format parquet, compression zstd);

copy (
  select movie_id, credit.credit_id, credit.id as person_id, kind, clean(credit.name) as name, clean(credit.character) as "character",
    credit."order" as billing_order, clean(credit.department) as department, clean(credit.job) as job,
    clean(credit.known_for_department) as known_for_department, credit.gender
  from (
    select movie_id, 'cast' as kind, unnest(list_transform(cast_list, lambda p: struct_pack(credit_id := p.credit_id, id := p.id, name := p.name, known_for_department := p.known_for_department,
      gender := p.gender, "character" := p."character", "order" := p."order", department := cast(null as varchar), job := cast(null as varchar)))) as credit from kept
    union all
    select movie_id, 'crew', unnest(list_transform(crew_list, lambda p: struct_pack(credit_id := p.credit_id, id := p.id, name := p.name, known_for_department := p.known_for_department,
      gender := p.gender, "character" := cast(null as varchar), "order" := cast(null as integer), department := p.department, job := p.job))) from kept
  )
  where credit.id is not null and trim(credit.name) <> ''
) to 'by-hand/silver/credits.parquet' (format parquet, compression zstd);

copy (
  select person_id, max_by(name, movie_id) as name, max_by(known_for_department, movie_id) as known_for_department, max_by(gender, movie_id) as gender,
    cast(count(distinct movie_id) as integer) as movie_count
  from 'by-hand/silver/credits.parquet' group by person_id
) to 'by-hand/silver/people.parquet' (format parquet, compression zstd);

copy (
  select movie_id, item.id as genre_id, max(clean(item.name)) as genre
  from (select movie_id, unnest(genre_list) as item from kept) where item.id is not null and clean(item.name) is not null group by all
) to 'by-hand/silver/movie_genres.parquet' (format parquet, compression zstd);

copy (
  select movie_id, item.id as company_id, max(clean(item.name)) as company, max(clean(item.origin_country)) as origin_country
  from (select movie_id, unnest(company_list) as item from kept) where item.id is not null and clean(item.name) is not null group by movie_id, company_id
) to 'by-hand/silver/movie_companies.parquet' (format parquet, compression zstd);

copy (
  select movie_id, item.iso_3166_1, max(clean(item.name)) as country
  from (select movie_id, unnest(country_list) as item from kept) where item.iso_3166_1 is not null and clean(item.name) is not null group by all
) to 'by-hand/silver/movie_countries.parquet' (format parquet, compression zstd);

copy (
  select movie_id, item.iso_639_1, max(coalesce(clean(item.name), clean(item.english_name))) as language
  from (select movie_id, unnest(language_list) as item from kept) where item.iso_639_1 is not null group by all
) to 'by-hand/silver/movie_languages.parquet' (format parquet, compression zstd);

copy (
  select collection_id, max(collection_name) as name, cast(count(*) as integer) as movie_count
  from 'by-hand/silver/movies.parquet' where collection_id is not null group by all
) to 'by-hand/silver/collections.parquet' (format parquet, compression zstd);

-- one answer a movie here; with several, the last of each day would be parsed as well
copy (
  select movie_id, ingestion_date as measured_on, popularity, vote_average, vote_count, budget_musd, revenue_musd
  from staged where http_status = 200
) to 'by-hand/silver/movie_measures.parquet' (format parquet, compression zstd);

copy (
  select movie_id, run_id, fetched_at, 'not_released' as reason, 'status is ' || coalesce(status, 'missing') as detail, 'error' as severity
  from staged where http_status = 200 and status is distinct from 'Released'
  union all
  select movie_id, run_id, fetched_at, 'fewer_than_10_filled', filled_count || ' of 22 columns filled', 'error'
  from staged where http_status = 200 and status = 'Released' and filled_count < 10
  union all
  select movie_id, run_id, fetched_at, 'release_date_invalid', 'release_date is ' || release_text, 'warning'
  from kept where release_text <> '' and release_date is null
  union all
  select movie_id, run_id, fetched_at, 'budget_suspicious', 'budget is ' || cast(budget_musd * 1e6 as bigint) || ' USD', 'warning'
  from kept where budget_musd < 0.001
) to 'by-hand/silver/quarantine.parquet' (format parquet, compression zstd);

copy (
  select movie_id, title, release_date, year(release_date) as year, genres, original_language, collection_id, collection_name, budget_musd, revenue_musd,
    revenue_musd - budget_musd as profit_musd, revenue_musd / budget_musd as roi, coalesce(budget_musd >= 10, false) and revenue_musd is not null as is_roi_eligible,
    vote_average, vote_count, popularity, runtime
  from 'by-hand/silver/movies.parquet'
) to 'by-hand/gold/movie_performance.parquet' (format parquet, compression zstd);

create view performance as from 'by-hand/gold/movie_performance.parquet';

copy (
  with candidates as (
    unpivot (
      select movie_id, title, revenue_musd as highest_revenue, budget_musd as highest_budget, profit_musd as highest_profit, profit_musd as lowest_profit,
        case when is_roi_eligible then roi end as highest_roi, case when is_roi_eligible then roi end as lowest_roi, cast(vote_count as double) as most_voted,
        case when vote_count >= 10 then vote_average end as highest_rated, case when vote_count >= 10 then vote_average end as lowest_rated, popularity as most_popular
      from performance
    ) on columns(* exclude (movie_id, title)) into name ranking value value
  )
  select ranking, row_number() over (partition by ranking order by sign_value desc, movie_id) as rank, movie_id, title, value,
    case when ranking like '%roi' then 'multiple of the budget' when ranking like '%rated' then 'points of 10' when ranking = 'most_voted' then 'votes'
      when ranking = 'most_popular' then 'TMDB popularity' else 'million USD' end as unit
  from (select *, case when starts_with(ranking, 'lowest') then -value else value end as sign_value from candidates)
  qualify rank <= 10
) to 'by-hand/gold/rankings.parquet' (format parquet, compression zstd);

copy (
  select 'bruce_willis_scifi_action' as search, row_number() over (order by vote_average desc nulls last, movie_id) as rank, movie_id, title, release_date, runtime, vote_average, vote_count
  from 'by-hand/silver/movies.parquet'
  where list_has_all(genres, ['Science Fiction', 'Action']) and list_contains("cast", 'Bruce Willis')
  union all
  select 'uma_thurman_tarantino', row_number() over (order by runtime nulls last, movie_id), movie_id, title, release_date, runtime, vote_average, vote_count
  from 'by-hand/silver/movies.parquet'
  where list_contains("cast", 'Uma Thurman') and len(list_filter(directors, lambda d: d.name = 'Quentin Tarantino')) > 0
) to 'by-hand/gold/search_results.parquet' (format parquet, compression zstd);

copy (
  select if(collection_id is null, 'standalone', 'franchise') as kind, count(*) as movie_count, avg(revenue_musd) as mean_revenue_musd,
    median(roi) filter (is_roi_eligible) as median_roi, avg(budget_musd) as mean_budget_musd, avg(popularity) as mean_popularity, avg(vote_average) as mean_rating
  from performance group by kind
) to 'by-hand/gold/franchise_vs_standalone.parquet' (format parquet, compression zstd);

copy (
  select collection_id, max(collection_name) as name, count(*) as movie_count, sum(budget_musd) as total_budget_musd, avg(budget_musd) as mean_budget_musd,
    sum(revenue_musd) as total_revenue_musd, avg(revenue_musd) as mean_revenue_musd, avg(vote_average) as mean_rating
  from performance where collection_id is not null group by collection_id
) to 'by-hand/gold/franchises.parquet' (format parquet, compression zstd);

copy (
  select director.person_id, max(director.name) as name, count(*) as movie_count, sum(revenue_musd) as total_revenue_musd, avg(vote_average) as mean_rating
  from (select unnest(directors) as director, revenue_musd, vote_average from 'by-hand/silver/movies.parquet') group by director.person_id
) to 'by-hand/gold/directors.parquet' (format parquet, compression zstd);

copy (
  select genre, count(*) as movie_count, count(roi) filter (is_roi_eligible) as roi_count, min(roi) filter (is_roi_eligible) as roi_min,
    quantile_cont(roi, 0.25) filter (is_roi_eligible) as roi_q1, median(roi) filter (is_roi_eligible) as roi_median,
    quantile_cont(roi, 0.75) filter (is_roi_eligible) as roi_q3, max(roi) filter (is_roi_eligible) as roi_max, avg(roi) filter (is_roi_eligible) as roi_mean,
    sum(revenue_musd) as total_revenue_musd, avg(vote_average) as mean_rating
  from (select unnest(genres) as genre, roi, is_roi_eligible, revenue_musd, vote_average from performance) group by genre
) to 'by-hand/gold/genres.parquet' (format parquet, compression zstd);

copy (
  select year, count(*) as movie_count, sum(revenue_musd) as total_revenue_musd, avg(revenue_musd) as mean_revenue_musd, avg(budget_musd) as mean_budget_musd,
    avg(vote_average) as mean_rating
  from performance where year is not null group by year
) to 'by-hand/gold/years.parquet' (format parquet, compression zstd);

copy (
  select year // 10 * 10 as decade, count(*) as movie_count, sum(revenue_musd) as total_revenue_musd, avg(revenue_musd) as mean_revenue_musd,
    avg(budget_musd) as mean_budget_musd, avg(vote_average) as mean_rating
  from performance where year is not null group by decade
) to 'by-hand/gold/decades.parquet' (format parquet, compression zstd);

copy (
  select month(release_date) as month, count(*) as movie_count, sum(revenue_musd) as total_revenue_musd, avg(revenue_musd) as mean_revenue_musd,
    avg(budget_musd) as mean_budget_musd, avg(vote_average) as mean_rating
  from performance where release_date is not null group by month
) to 'by-hand/gold/months.parquet' (format parquet, compression zstd);

copy (
  select original_language, count(*) as movie_count, sum(revenue_musd) as total_revenue_musd, avg(revenue_musd) as mean_revenue_musd,
    median(roi) filter (is_roi_eligible) as median_roi, avg(vote_average) as mean_rating
  from performance where original_language is not null group by original_language
) to 'by-hand/gold/languages.parquet' (format parquet, compression zstd);

copy (
  select company_id, max(company) as company, count(*) as movie_count, sum(revenue_musd) as total_revenue_musd, avg(revenue_musd) as mean_revenue_musd,
    median(roi) filter (is_roi_eligible) as median_roi, avg(vote_average) as mean_rating
  from 'by-hand/silver/movie_companies.parquet' join performance using (movie_id) group by company_id
) to 'by-hand/gold/companies.parquet' (format parquet, compression zstd);

copy (
  select iso_3166_1, max(country) as country, count(*) as movie_count, sum(revenue_musd) as total_revenue_musd, avg(revenue_musd) as mean_revenue_musd,
    median(roi) filter (is_roi_eligible) as median_roi, avg(vote_average) as mean_rating
  from 'by-hand/silver/movie_countries.parquet' join performance using (movie_id) group by iso_3166_1
) to 'by-hand/gold/countries.parquet' (format parquet, compression zstd);

copy (
  with roles as (
    select person_id, movie_id, min(billing_order) as billing_order from 'by-hand/silver/credits.parquet' where kind = 'cast' group by all
  ),
  played as (
    select person_id, count(*) as movie_count, min(billing_order) as best_billing, sum(revenue_musd) as total_revenue_musd, avg(vote_average) as mean_rating
    from roles join performance using (movie_id) group by person_id
  )
  select person_id, name, played.* exclude (person_id, movie_count), played.movie_count from played join 'by-hand/silver/people.parquet' using (person_id)
) to 'by-hand/gold/actors.parquet' (format parquet, compression zstd);

copy (
  select m.movie_id, title, measured_on, previous_on, m.popularity, m.popularity - previous.popularity as popularity_change,
    m.vote_average - previous.vote_average as vote_average_change, m.vote_count - previous.vote_count as vote_count_change,
    m.budget_musd - previous.budget_musd as budget_change_musd, m.revenue_musd - previous.revenue_musd as revenue_change_musd
  from (
    select *, lag(measured_on) over days as previous_on, lag(struct_pack(popularity, vote_average, vote_count, budget_musd, revenue_musd)) over days as previous
    from 'by-hand/silver/movie_measures.parquet'
    window days as (partition by movie_id order by measured_on)
    qualify row_number() over (partition by movie_id order by measured_on desc) = 1
  ) m join 'by-hand/silver/movies.parquet' using (movie_id)
  where previous_on is not null
) to 'by-hand/gold/movers.parquet' (format parquet, compression zstd);
