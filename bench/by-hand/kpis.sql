select * from 'by-hand/gold/rankings.parquet' order by ranking, rank;
select * from 'by-hand/gold/search_results.parquet' order by search, rank;
select * from 'by-hand/gold/franchise_vs_standalone.parquet' order by kind;
select * from 'by-hand/gold/franchises.parquet' order by total_revenue_musd desc nulls last, name limit 10;
select * from 'by-hand/gold/directors.parquet' order by total_revenue_musd desc nulls last, name limit 10;
select * from 'by-hand/gold/genres.parquet' order by genre;
select * from 'by-hand/gold/years.parquet' order by year;
