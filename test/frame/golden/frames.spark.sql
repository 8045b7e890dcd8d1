-- whole numbers in a column of texts
WITH `step_1` AS (
  SELECT `one`, array('5', '-5', '+5', '05', '-0', '5.0', '5.5', ' 5', '5 ', '5	', '2147483647', '2147483648', '-2147483648', '9007199254740991', '1000000000000000000', '-1000000000000000000', '9223372036854775807', '99999999999999999999', '', 'x', '٥', CAST(NULL AS STRING)) AS `all`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`all`) AS `t`
  FROM `step_1`
)
SELECT `t`, CASE WHEN CAST(try_cast(`t` AS INT) AS STRING) = `t` AND length(`t`) <= 18 THEN try_cast(`t` AS INT) ELSE try_cast(nullif(regexp_extract(`t`, '\\A([+-]?[0-9]{1,18})([.]0*)?\\z', 1), '') AS INT) END AS `int`, CASE WHEN CAST(try_cast(`t` AS BIGINT) AS STRING) = `t` AND length(`t`) <= 18 THEN try_cast(`t` AS BIGINT) ELSE try_cast(nullif(regexp_extract(`t`, '\\A([+-]?[0-9]{1,18})([.]0*)?\\z', 1), '') AS BIGINT) END AS `bigint`
FROM `step_2`

-- order asc nulls last
WITH `step_1` AS (
  SELECT `one`, array(2, CAST(NULL AS INT), 1) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
)
SELECT `v`
FROM `step_2`
ORDER BY `v` ASC NULLS LAST

-- order desc nulls last
WITH `step_1` AS (
  SELECT `one`, array(2, CAST(NULL AS INT), 1) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
)
SELECT `v`
FROM `step_2`
ORDER BY `v` DESC NULLS LAST

-- filter null
WITH `step_1` AS (
  SELECT `one`, array(1, CAST(NULL AS INT), 2) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_2`
)
SELECT `v`
FROM `step_3`
WHERE (`v` > 1)

-- aggregates
WITH `step_1` AS (
  SELECT `one`, array(1, CAST(NULL AS INT), 2) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_2`
)
SELECT count(*) AS `n`, count(`v`) AS `nv`, count(DISTINCT `v`) AS `d`, CAST(sum(`v`) AS BIGINT) AS `t`, avg(`v`) AS `a`, min(`v`) AS `lo`, max(`v`) AS `hi`, CAST(median(`v`) AS DOUBLE) AS `m`, percentile(`v`, 0.25e0) AS `q`
FROM `step_3`

-- aggregates of nothing
WITH `step_1` AS (
  SELECT `one`, array(1) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_2`
)
SELECT count(*) AS `n`, CAST(sum(`v`) AS BIGINT) AS `t`, array_sort(collect_list(`v`)) AS `l`, bool_and((`v` > 0)) AS `b`
FROM `step_3`
WHERE (`v` > 5)

-- collectList
WITH `step_1` AS (
  SELECT `one`, array(3, CAST(NULL AS INT), 1, 2) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_2`
)
SELECT array_sort(collect_list(`v`)) AS `l`
FROM `step_3`

-- countIf, boolOr
WITH `step_1` AS (
  SELECT `one`, array(1, CAST(NULL AS INT), 2) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_2`
)
SELECT count(CASE WHEN (`v` > 1) THEN true END) AS `n`, bool_or((`v` > 1)) AS `o`, stddev_samp(`v`) AS `s`
FROM `step_3`

-- group with null key
WITH `step_1` AS (
  SELECT `one`, array(1, 2, 3, CAST(NULL AS INT)) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_2`
)
SELECT `k`, count(*) AS `n`
FROM `step_3`
GROUP BY `k`
ORDER BY `k` ASC NULLS LAST

-- having
WITH `step_1` AS (
  SELECT `one`, array(1, 2, 3) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_2`
),
`step_4` AS (
  SELECT `k`, count(*) AS `n`
  FROM `step_3`
  GROUP BY `k`
)
SELECT `k`, `n`
FROM `step_4`
WHERE (`n` > CAST(1 AS BIGINT))

-- sum of sums
WITH `step_1` AS (
  SELECT `one`, array(1, 2, 3) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_2`
),
`step_4` AS (
  SELECT `k`, CAST(sum(`v`) AS BIGINT) AS `t`
  FROM `step_3`
  GROUP BY `k`
)
SELECT CAST(sum(`t`) AS BIGINT) AS `t`
FROM `step_4`

-- row number nulls last
WITH `step_1` AS (
  SELECT `one`, array(2, CAST(NULL AS INT), 1) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_2`
)
SELECT `v`, CAST(row_number() OVER (ORDER BY `v` ASC NULLS LAST) AS INT) AS `r`
FROM `step_3`
ORDER BY `r` ASC NULLS LAST

-- rank ties
WITH `step_1` AS (
  SELECT `one`, array(1, 2, 1) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_2`
)
SELECT `v`, CAST(rank() OVER (ORDER BY `v` ASC NULLS LAST) AS INT) AS `r`, CAST(dense_rank() OVER (ORDER BY `v` ASC NULLS LAST) AS INT) AS `d`
FROM `step_3`
ORDER BY `v` ASC NULLS LAST

-- sum over
WITH `step_1` AS (
  SELECT `one`, array(1, 2, 3) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_2`
)
SELECT `v`, CAST(sum(`v`) OVER (ORDER BY `v` ASC NULLS LAST) AS BIGINT) AS `t`
FROM `step_3`
ORDER BY `v` ASC NULLS LAST

-- rows frame
WITH `step_1` AS (
  SELECT `one`, array(1, 2, 3) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_2`
)
SELECT `v`, CAST(sum(`v`) OVER (ORDER BY `v` ASC NULLS LAST ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS BIGINT) AS `t`
FROM `step_3`
ORDER BY `v` ASC NULLS LAST

-- share
WITH `step_1` AS (
  SELECT `one`, array(1, 3) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_2`
),
`step_4` AS (
  SELECT `v`, CAST(sum(`v`) OVER () AS BIGINT) AS `t`
  FROM `step_3`
)
SELECT `v`, (CAST(`v` AS DOUBLE) / nullif(CAST(`t` AS DOUBLE), 0e0)) AS `p`
FROM `step_4`
ORDER BY `v` ASC NULLS LAST

-- lag, lead
WITH `step_1` AS (
  SELECT `one`, array(2, 1) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_2`
)
SELECT `v`, lag(`v`, 1) OVER (ORDER BY `v` ASC NULLS LAST) AS `a`, lead(`v`, 1) OVER (ORDER BY `v` ASC NULLS LAST) AS `b`
FROM `step_3`
ORDER BY `v` ASC NULLS LAST

-- ntile, percentRank
WITH `step_1` AS (
  SELECT `one`, array(1, 2, 3) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_2`
)
SELECT `v`, CAST(ntile(2) OVER (ORDER BY `v` ASC NULLS LAST) AS INT) AS `n`, percent_rank() OVER (ORDER BY `v` ASC NULLS LAST) AS `p`
FROM `step_3`
ORDER BY `v` ASC NULLS LAST

-- collectList over
WITH `step_1` AS (
  SELECT `one`, array(3, 1) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_2`
),
`step_4` AS (
  SELECT `v`, array_sort(collect_list(`v`) OVER ()) AS `l`
  FROM `step_3`
)
SELECT `v`, `l`
FROM `step_4`
WHERE (`v` = 1)

-- inner join
WITH `step_1` AS (
  SELECT `one`, array(1, 2, CAST(NULL AS INT)) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_2`
),
`step_4` AS (
  SELECT `v` AS `id`, coalesce(CAST(`v` AS STRING), 'none') AS `name`
  FROM `step_3`
),
`step_5` AS (
  SELECT `one`, array(2, 3, CAST(NULL AS INT)) AS `a`
  FROM (SELECT 1 AS one)
),
`step_6` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_5`
),
`step_7` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_6`
),
`step_8` AS (
  SELECT `v` AS `id`, (`v` * 10) AS `size`
  FROM `step_7`
)
SELECT `id`, l.`name` AS `name`, r.`size` AS `size`
FROM `step_4` AS l
JOIN `step_8` AS r USING (`id`)

-- left join
WITH `step_1` AS (
  SELECT `one`, array(1, 2, CAST(NULL AS INT)) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_2`
),
`step_4` AS (
  SELECT `v` AS `id`, coalesce(CAST(`v` AS STRING), 'none') AS `name`
  FROM `step_3`
),
`step_5` AS (
  SELECT `one`, array(2, 3, CAST(NULL AS INT)) AS `a`
  FROM (SELECT 1 AS one)
),
`step_6` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_5`
),
`step_7` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_6`
),
`step_8` AS (
  SELECT `v` AS `id`, (`v` * 10) AS `size`
  FROM `step_7`
)
SELECT `id`, l.`name` AS `name`, r.`size` AS `size`
FROM `step_4` AS l
LEFT JOIN `step_8` AS r USING (`id`)
ORDER BY `id` ASC NULLS LAST

-- full join
WITH `step_1` AS (
  SELECT `one`, array(1, 2, CAST(NULL AS INT)) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_2`
),
`step_4` AS (
  SELECT `v` AS `id`, coalesce(CAST(`v` AS STRING), 'none') AS `name`
  FROM `step_3`
),
`step_5` AS (
  SELECT `one`, array(2, 3, CAST(NULL AS INT)) AS `a`
  FROM (SELECT 1 AS one)
),
`step_6` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_5`
),
`step_7` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_6`
),
`step_8` AS (
  SELECT `v` AS `id`, (`v` * 10) AS `size`
  FROM `step_7`
)
SELECT `id`, l.`name` AS `name`, r.`size` AS `size`
FROM `step_4` AS l
FULL JOIN `step_8` AS r USING (`id`)
ORDER BY `id` ASC NULLS LAST, `name` ASC NULLS LAST

-- semi join
WITH `step_1` AS (
  SELECT `one`, array(1, 2, CAST(NULL AS INT)) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_2`
),
`step_4` AS (
  SELECT `v` AS `id`, coalesce(CAST(`v` AS STRING), 'none') AS `name`
  FROM `step_3`
),
`step_5` AS (
  SELECT `one`, array(2, 3, CAST(NULL AS INT)) AS `a`
  FROM (SELECT 1 AS one)
),
`step_6` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_5`
),
`step_7` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_6`
),
`step_8` AS (
  SELECT `v` AS `id`, (`v` * 10) AS `size`
  FROM `step_7`
)
SELECT `id`, l.`name` AS `name`
FROM `step_4` AS l
LEFT SEMI JOIN `step_8` AS r USING (`id`)

-- anti join
WITH `step_1` AS (
  SELECT `one`, array(1, 2, CAST(NULL AS INT)) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_2`
),
`step_4` AS (
  SELECT `v` AS `id`, coalesce(CAST(`v` AS STRING), 'none') AS `name`
  FROM `step_3`
),
`step_5` AS (
  SELECT `one`, array(2, 3, CAST(NULL AS INT)) AS `a`
  FROM (SELECT 1 AS one)
),
`step_6` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_5`
),
`step_7` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_6`
),
`step_8` AS (
  SELECT `v` AS `id`, (`v` * 10) AS `size`
  FROM `step_7`
)
SELECT `id`, l.`name` AS `name`
FROM `step_4` AS l
LEFT ANTI JOIN `step_8` AS r USING (`id`)
ORDER BY `id` ASC NULLS LAST

-- anti join with a hint
WITH `step_1` AS (
  SELECT `one`, array(1, 2, CAST(NULL AS INT)) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_2`
),
`step_4` AS (
  SELECT `v` AS `id`, coalesce(CAST(`v` AS STRING), 'none') AS `name`
  FROM `step_3`
),
`step_5` AS (
  SELECT `one`, array(2, 3, CAST(NULL AS INT)) AS `a`
  FROM (SELECT 1 AS one)
),
`step_6` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_5`
),
`step_7` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_6`
),
`step_8` AS (
  SELECT `v` AS `id`, (`v` * 10) AS `size`
  FROM `step_7`
)
SELECT /*+ BROADCAST(r) */ `id`, l.`name` AS `name`
FROM `step_4` AS l
LEFT ANTI JOIN `step_8` AS r USING (`id`)
ORDER BY `id` ASC NULLS LAST

-- join on condition
WITH `step_1` AS (
  SELECT `one`, array(1, 2, CAST(NULL AS INT)) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_2`
),
`step_4` AS (
  SELECT `v` AS `id`, coalesce(CAST(`v` AS STRING), 'none') AS `name`
  FROM `step_3`
),
`step_5` AS (
  SELECT `one`, array(2, 3, CAST(NULL AS INT)) AS `a`
  FROM (SELECT 1 AS one)
),
`step_6` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_5`
),
`step_7` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_6`
),
`step_8` AS (
  SELECT `v` AS `b`
  FROM `step_7`
)
SELECT l.`id` AS `id`, l.`name` AS `name`, r.`b` AS `b`
FROM `step_4` AS l
JOIN `step_8` AS r ON ((l.`id` < r.`b`) AND (r.`b` < 3))

-- self join
WITH `step_1` AS (
  SELECT `one`, array(1, 2, CAST(NULL AS INT)) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_2`
),
`p` AS (
  SELECT `v` AS `id`, coalesce(CAST(`v` AS STRING), 'none') AS `name`
  FROM `step_3`
),
`step_5` AS (
  SELECT `id` AS `next`
  FROM `p`
)
SELECT l.`id` AS `id`, l.`name` AS `name`, r.`next` AS `next`
FROM `p` AS l
JOIN `step_5` AS r ON ((l.`id` + 1) = r.`next`)

-- union by name
WITH `step_1` AS (
  SELECT `one`, array(1, 2, CAST(NULL AS INT)) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_2`
),
`step_4` AS (
  SELECT `v` AS `id`, coalesce(CAST(`v` AS STRING), 'none') AS `name`
  FROM `step_3`
),
`step_5` AS (
  SELECT `one`, array(1, 2, CAST(NULL AS INT)) AS `a`
  FROM (SELECT 1 AS one)
),
`step_6` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_5`
),
`step_7` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_6`
),
`step_8` AS (
  SELECT coalesce(CAST(`v` AS STRING), 'none') AS `name`, `v` AS `id`
  FROM `step_7`
),
`step_9` AS (
  SELECT `name`, `id`
  FROM `step_8`
  WHERE (`id` = 2)
)
SELECT `id`, `name`
FROM (
  SELECT `id`, `name` FROM `step_4`
  UNION ALL SELECT `id`, `name` FROM `step_9`
) AS u
ORDER BY `id` ASC NULLS LAST

-- distinct nulls
WITH `step_1` AS (
  SELECT `one`, array(CAST(NULL AS INT), 1, CAST(NULL AS INT)) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT DISTINCT `v`
  FROM `step_2`
)
SELECT count(*) AS `n`
FROM `step_3`

-- dropDuplicates
WITH `step_1` AS (
  SELECT `one`, array(1, 2, 3) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_2`
),
`step_4` AS (
  SELECT `one`, `v`, `k`, CAST(row_number() OVER (PARTITION BY `k` ORDER BY `v` DESC NULLS LAST) AS INT) AS `_place`
  FROM `step_3`
)
SELECT `v`, `k`
FROM `step_4`
WHERE (`_place` = 1)
ORDER BY `v` ASC NULLS LAST

-- explode nothing
WITH `step_1` AS (
  SELECT `one`, CAST(array() AS ARRAY<INT>) AS `a`
  FROM (SELECT 1 AS one)
)
SELECT `one`, explode(`a`) AS `v`
FROM `step_1`

-- explodeOuter nothing
WITH `step_1` AS (
  SELECT `one`, CAST(array() AS ARRAY<INT>) AS `a`
  FROM (SELECT 1 AS one)
)
SELECT `one`, explode_outer(`a`) AS `v`
FROM `step_1`

-- explodeOuter null
WITH `step_1` AS (
  SELECT `one`, filter(array(1), e1 -> CAST(NULL AS BOOLEAN)) AS `a`
  FROM (SELECT 1 AS one)
)
SELECT `one`, explode_outer(`a`) AS `v`
FROM `step_1`

-- explode null element
WITH `step_1` AS (
  SELECT `one`, array(CAST(NULL AS INT)) AS `a`
  FROM (SELECT 1 AS one)
)
SELECT `one`, explode(`a`) AS `v`
FROM `step_1`

-- limit after order, filter after limit
WITH `step_1` AS (
  SELECT `one`, array(1, 2, 3) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT `v`
  FROM `step_2`
  ORDER BY `v` DESC NULLS LAST
  LIMIT 2
)
SELECT `v`
FROM `step_3`
WHERE (`v` > 2)

-- sql
WITH `step_1` AS (
  SELECT `one`, array(1, 2) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`numbers` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_2`
)
SELECT `n`
FROM (
  select count(*) as n from `numbers` where 'it''s' = 'it\'s'
) AS q

-- rename, drop
WITH `step_1` AS (
  SELECT `one`, array(1) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
)
SELECT `v` AS `w`
FROM `step_2`

-- explode twice
WITH `step_1` AS (
  SELECT array(1, 2) AS `a`, array(3, 4) AS `b`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `b`, explode(`a`) AS `x`
  FROM `step_1`
),
`step_3` AS (
  SELECT `x`, explode(`b`) AS `y`
  FROM `step_2`
)
SELECT count(*) AS `n`
FROM `step_3`

-- explode then drop it
WITH `step_1` AS (
  SELECT `one`, array(1, 2) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `x`
  FROM `step_1`
)
SELECT count(*) AS `n`
FROM `step_2`

-- replace a column by itself
WITH `step_1` AS (
  SELECT `one`, array(1) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
)
SELECT (`v` + 1) AS `v`, `v` AS `w`
FROM `step_2`

-- aggregate named as its column
WITH `step_1` AS (
  SELECT `one`, array(1, 3) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_2`
)
SELECT `k`, CAST(sum(`v`) AS BIGINT) AS `v`, avg(`v`) AS `w`
FROM `step_3`
GROUP BY `k`

-- order by a replaced column
WITH `step_1` AS (
  SELECT `one`, array(1, 2) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_2`
)
SELECT (`v` * -1) AS `v`
FROM `step_3`
ORDER BY `v` ASC NULLS LAST

-- narrow after window
WITH `step_1` AS (
  SELECT `one`, array(2, 1) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_2`
)
SELECT `v`
FROM `step_3`
ORDER BY `v` ASC NULLS LAST

-- aggregates with a condition
WITH `step_1` AS (
  SELECT `one`, array(1, 2, 3) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_2`
)
SELECT CAST(sum(CASE WHEN (`k` = 1) THEN `v` END) AS BIGINT) AS `t`, count(CASE WHEN (`k` = 1) THEN true END) AS `n`, array_sort(collect_list(CASE WHEN (`k` = 1) THEN `v` END)) AS `l`
FROM `step_3`

-- median and percentile over groups of one and two
WITH `step_1` AS (
  SELECT `one`, array(1, 2, 3) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_2`
)
SELECT `k`, CAST(median(`v`) AS DOUBLE) AS `m`, percentile(`v`, 0.9e0) AS `q`
FROM `step_3`
GROUP BY `k`
ORDER BY `k` ASC NULLS LAST

-- an aggregate over a window inside of an expression
WITH `step_1` AS (
  SELECT `one`, array(1, 3) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_2`
)
SELECT `v`, (`v` + 0.5e0) AS `x`, named_struct('t', CAST(sum(`v`) OVER () AS BIGINT)) AS `r`
FROM `step_3`
ORDER BY `v` ASC NULLS LAST

-- rows after the current one
WITH `step_1` AS (
  SELECT `one`, array(1, 2, 3) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_2`
)
SELECT `v`, CAST(sum(`v`) OVER (ORDER BY `v` ASC NULLS LAST ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS BIGINT) AS `t`
FROM `step_3`
ORDER BY `v` ASC NULLS LAST

-- a window per group
WITH `step_1` AS (
  SELECT `one`, array(1, 2, 3) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_2`
)
SELECT `v`, CAST(row_number() OVER (PARTITION BY `k` ORDER BY `v` ASC NULLS LAST) AS INT) AS `r`
FROM `step_3`
ORDER BY `v` ASC NULLS LAST

-- a column named as the parameter of a lambda
WITH `step_1` AS (
  SELECT 10 AS `e1`, 1 AS `e`, array(1, 2) AS `a`
  FROM (SELECT 1 AS one)
)
SELECT transform(`a`, e1_ -> (e1_ + `e1`)) AS `x`, transform(`a`, e1 -> coalesce(array_contains(array(e1), `e`), CASE WHEN array(e1) IS NOT NULL THEN false END)) AS `y`
FROM `step_1`

-- lambdas in lambdas
WITH `step_1` AS (
  SELECT array(1, 2, 0) AS `a`, array(1, 2) AS `b`
  FROM (SELECT 1 AS one)
)
SELECT transform(`a`, e1 -> filter(`b`, e2 -> (e2 <= e1))) AS `x`
FROM `step_1`

-- full join where only the right has the key
WITH `step_1` AS (
  SELECT `one`, array(1) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT `v` AS `id`
  FROM `step_2`
),
`step_4` AS (
  SELECT `one`, array(2) AS `a`
  FROM (SELECT 1 AS one)
),
`step_5` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_4`
),
`step_6` AS (
  SELECT `v` AS `id`
  FROM `step_5`
)
SELECT `id`
FROM `step_3` AS l
FULL JOIN `step_6` AS r USING (`id`)
ORDER BY `id` ASC NULLS LAST

-- pick
WITH `step_1` AS (
  SELECT `one`, array(1) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
)
SELECT `v`, `one`
FROM `step_2`

-- dropNulls
WITH `step_1` AS (
  SELECT `one`, array(1, CAST(NULL AS INT)) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_2`
)
SELECT `v`
FROM `step_3`
WHERE ((`v` IS NOT NULL) AND (`k` IS NOT NULL))

-- limit 0
WITH `step_1` AS (
  SELECT `one`, array(1) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
)
SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
FROM `step_2`
LIMIT 0

-- dropDuplicates twice, beside a column _place
WITH `step_1` AS (
  SELECT `one`, array(1, 2, 3) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT (`v` % nullif(2, 0)) AS `k`, `v` AS `_place`
  FROM `step_2`
),
`step_4` AS (
  SELECT `k`, `_place`, CAST(row_number() OVER (PARTITION BY `k` ORDER BY `_place` DESC NULLS LAST) AS INT) AS `__place`
  FROM `step_3`
),
`step_5` AS (
  SELECT `k`, `_place`, CAST(row_number() OVER (PARTITION BY `k` ORDER BY `_place` ASC NULLS LAST) AS INT) AS `__place`
  FROM `step_4`
  WHERE (`__place` = 1)
)
SELECT `k`, `_place`
FROM `step_5`
WHERE ((`__place` = 1) AND (`k` = 1))

-- odd column names
SELECT 1 AS `a b`, 2 AS `say "x"`, 3 AS `tick```, 4 AS `select`
FROM (SELECT 1 AS one)

-- collectList of structs with nulls inside
WITH `step_1` AS (
  SELECT `one`, array(CAST(NULL AS INT), 1) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_2`
)
SELECT transform(array_sort(transform(array_sort(collect_list(named_struct('k', `v`))), e1 -> named_struct('missing', (e1 IS NULL), 'key', named_struct('missing_0', (e1.`k` IS NULL), 'key_0', e1.`k`), 'value', e1))), e -> e.value) AS `l`
FROM `step_3`

-- collectList of structs over a window
WITH `step_1` AS (
  SELECT `one`, array(1) AS `a`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `one`, explode(`a`) AS `v`
  FROM `step_1`
),
`step_3` AS (
  SELECT `one`, `v`, (`v` % nullif(2, 0)) AS `k`
  FROM `step_2`
)
SELECT `v`, transform(array_sort(transform(array_sort(collect_list(named_struct('k', `v`)) OVER (PARTITION BY `v`)), e1 -> named_struct('missing', (e1 IS NULL), 'key', named_struct('missing_0', (e1.`k` IS NULL), 'key_0', e1.`k`), 'value', e1))), e -> e.value) AS `l`
FROM `step_3`

-- json
WITH `step_1` AS (
  SELECT '{"id":1,"n":2,"x":1.5,"t":"é","flag":true,"sub":{"a":3},"list":[{"a":1},{"b":1}]}' AS `p`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `p`, explode(array(from_json(CASE WHEN `p` IS NULL THEN NULL WHEN startswith(trim(LEADING ' \t\r\n' FROM `p`), '{') THEN `p` ELSE '{}' END, 'STRUCT<`id`: STRING, `n`: STRING, `x`: STRING, `t`: STRING, `flag`: STRING, `sub`: STRUCT<`a`: STRING>, `list`: ARRAY<STRUCT<`a`: STRING>>, `days`: ARRAY<STRING>>', map('allowSingleQuotes', 'false')))) AS `doc`
  FROM `step_1`
)
SELECT CASE WHEN CAST(try_cast(`doc`.`id` AS BIGINT) AS STRING) = `doc`.`id` AND length(`doc`.`id`) <= 18 THEN try_cast(`doc`.`id` AS BIGINT) ELSE try_cast(nullif(regexp_extract(`doc`.`id`, '\\A([+-]?[0-9]{1,18})([.]0*)?\\z', 1), '') AS BIGINT) END AS `id`, CASE WHEN CAST(try_cast(`doc`.`n` AS INT) AS STRING) = `doc`.`n` AND length(`doc`.`n`) <= 18 THEN try_cast(`doc`.`n` AS INT) ELSE try_cast(nullif(regexp_extract(`doc`.`n`, '\\A([+-]?[0-9]{1,18})([.]0*)?\\z', 1), '') AS INT) END AS `n`, try_cast(nullif(regexp_extract(`doc`.`x`, '\\A([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]{1,3})?)\\z', 1), '') AS DOUBLE) AS `x`, `doc`.`t` AS `t`, try_cast(nullif(regexp_extract(`doc`.`flag`, '\\A(true|false)\\z', 1), '') AS BOOLEAN) AS `flag`, CASE WHEN CAST(try_cast(`doc`.`sub`.`a` AS INT) AS STRING) = `doc`.`sub`.`a` AND length(`doc`.`sub`.`a`) <= 18 THEN try_cast(`doc`.`sub`.`a` AS INT) ELSE try_cast(nullif(regexp_extract(`doc`.`sub`.`a`, '\\A([+-]?[0-9]{1,18})([.]0*)?\\z', 1), '') AS INT) END AS `a`, transform(`doc`.`list`, e1 -> CASE WHEN CAST(try_cast(e1.`a` AS INT) AS STRING) = e1.`a` AND length(e1.`a`) <= 18 THEN try_cast(e1.`a` AS INT) ELSE try_cast(nullif(regexp_extract(e1.`a`, '\\A([+-]?[0-9]{1,18})([.]0*)?\\z', 1), '') AS INT) END) AS `l`
FROM `step_2`

-- json exploded
WITH `step_1` AS (
  SELECT '{"list":[{"a":1},{"a":"2"}]}' AS `p`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `p`, explode(array(from_json(CASE WHEN `p` IS NULL THEN NULL WHEN startswith(trim(LEADING ' \t\r\n' FROM `p`), '{') THEN `p` ELSE '{}' END, 'STRUCT<`id`: STRING, `n`: STRING, `x`: STRING, `t`: STRING, `flag`: STRING, `sub`: STRUCT<`a`: STRING>, `list`: ARRAY<STRUCT<`a`: STRING>>, `days`: ARRAY<STRING>>', map('allowSingleQuotes', 'false')))) AS `doc`
  FROM `step_1`
),
`step_3` AS (
  SELECT `doc`.`list` AS `list`
  FROM `step_2`
),
`step_4` AS (
  SELECT explode(`list`) AS `x`
  FROM `step_3`
)
SELECT CASE WHEN CAST(try_cast(`x`.`a` AS INT) AS STRING) = `x`.`a` AND length(`x`.`a`) <= 18 THEN try_cast(`x`.`a` AS INT) ELSE try_cast(nullif(regexp_extract(`x`.`a`, '\\A([+-]?[0-9]{1,18})([.]0*)?\\z', 1), '') AS INT) END AS `a`
FROM `step_4`
ORDER BY `a` ASC NULLS LAST

-- json list of dates
WITH `step_1` AS (
  SELECT '{"days":["2020-02-29","2021-02-29",5]}' AS `p`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `p`, explode(array(from_json(CASE WHEN `p` IS NULL THEN NULL WHEN startswith(trim(LEADING ' \t\r\n' FROM `p`), '{') THEN `p` ELSE '{}' END, 'STRUCT<`id`: STRING, `n`: STRING, `x`: STRING, `t`: STRING, `flag`: STRING, `sub`: STRUCT<`a`: STRING>, `list`: ARRAY<STRUCT<`a`: STRING>>, `days`: ARRAY<STRING>>', map('allowSingleQuotes', 'false')))) AS `doc`
  FROM `step_1`
)
SELECT try_cast(nullif(regexp_extract(try_element_at(`doc`.`days`, 1), '\\A([0-9]{4}-[0-9]{2}-[0-9]{2})\\z', 1), '') AS DATE) AS `first`, transform(`doc`.`days`, e1 -> try_cast(nullif(regexp_extract(e1, '\\A([0-9]{4}-[0-9]{2}-[0-9]{2})\\z', 1), '') AS DATE)) AS `all`
FROM `step_2`

-- json sorted by a field, without one last
WITH `step_1` AS (
  SELECT '{"list":[{"a":"2"},{},{"a":1}]}' AS `p`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `p`, explode(array(from_json(CASE WHEN `p` IS NULL THEN NULL WHEN startswith(trim(LEADING ' \t\r\n' FROM `p`), '{') THEN `p` ELSE '{}' END, 'STRUCT<`id`: STRING, `n`: STRING, `x`: STRING, `t`: STRING, `flag`: STRING, `sub`: STRUCT<`a`: STRING>, `list`: ARRAY<STRUCT<`a`: STRING>>, `days`: ARRAY<STRING>>', map('allowSingleQuotes', 'false')))) AS `doc`
  FROM `step_1`
)
SELECT transform((array_sort(transform(`doc`.`list`, (e1, e2) -> named_struct('missing', (CASE WHEN CAST(try_cast(e1.`a` AS INT) AS STRING) = e1.`a` AND length(e1.`a`) <= 18 THEN try_cast(e1.`a` AS INT) ELSE try_cast(nullif(regexp_extract(e1.`a`, '\\A([+-]?[0-9]{1,18})([.]0*)?\\z', 1), '') AS INT) END IS NULL), 'key', CASE WHEN CAST(try_cast(e1.`a` AS INT) AS STRING) = e1.`a` AND length(e1.`a`) <= 18 THEN try_cast(e1.`a` AS INT) ELSE try_cast(nullif(regexp_extract(e1.`a`, '\\A([+-]?[0-9]{1,18})([.]0*)?\\z', 1), '') AS INT) END, 'place', e2, 'value', e1)))).`value`, e1 -> CASE WHEN CAST(try_cast(e1.`a` AS INT) AS STRING) = e1.`a` AND length(e1.`a`) <= 18 THEN try_cast(e1.`a` AS INT) ELSE try_cast(nullif(regexp_extract(e1.`a`, '\\A([+-]?[0-9]{1,18})([.]0*)?\\z', 1), '') AS INT) END) AS `l`
FROM `step_2`

-- json signs and points
WITH `step_1` AS (
  SELECT '{"id":"-8.","n":"+5","x":"-.5"}' AS `p`
  FROM (SELECT 1 AS one)
),
`step_2` AS (
  SELECT `p`, explode(array(from_json(CASE WHEN `p` IS NULL THEN NULL WHEN startswith(trim(LEADING ' \t\r\n' FROM `p`), '{') THEN `p` ELSE '{}' END, 'STRUCT<`id`: STRING, `n`: STRING, `x`: STRING, `t`: STRING, `flag`: STRING, `sub`: STRUCT<`a`: STRING>, `list`: ARRAY<STRUCT<`a`: STRING>>, `days`: ARRAY<STRING>>', map('allowSingleQuotes', 'false')))) AS `doc`
  FROM `step_1`
)
SELECT CASE WHEN CAST(try_cast(`doc`.`id` AS BIGINT) AS STRING) = `doc`.`id` AND length(`doc`.`id`) <= 18 THEN try_cast(`doc`.`id` AS BIGINT) ELSE try_cast(nullif(regexp_extract(`doc`.`id`, '\\A([+-]?[0-9]{1,18})([.]0*)?\\z', 1), '') AS BIGINT) END AS `id`, CASE WHEN CAST(try_cast(`doc`.`n` AS INT) AS STRING) = `doc`.`n` AND length(`doc`.`n`) <= 18 THEN try_cast(`doc`.`n` AS INT) ELSE try_cast(nullif(regexp_extract(`doc`.`n`, '\\A([+-]?[0-9]{1,18})([.]0*)?\\z', 1), '') AS INT) END AS `n`, try_cast(nullif(regexp_extract(`doc`.`x`, '\\A([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]{1,3})?)\\z', 1), '') AS DOUBLE) AS `x`, `doc`.`t` AS `t`, try_cast(nullif(regexp_extract(`doc`.`flag`, '\\A(true|false)\\z', 1), '') AS BOOLEAN) AS `flag`, CASE WHEN CAST(try_cast(`doc`.`sub`.`a` AS INT) AS STRING) = `doc`.`sub`.`a` AND length(`doc`.`sub`.`a`) <= 18 THEN try_cast(`doc`.`sub`.`a` AS INT) ELSE try_cast(nullif(regexp_extract(`doc`.`sub`.`a`, '\\A([+-]?[0-9]{1,18})([.]0*)?\\z', 1), '') AS INT) END AS `a`, transform(`doc`.`list`, e1 -> CASE WHEN CAST(try_cast(e1.`a` AS INT) AS STRING) = e1.`a` AND length(e1.`a`) <= 18 THEN try_cast(e1.`a` AS INT) ELSE try_cast(nullif(regexp_extract(e1.`a`, '\\A([+-]?[0-9]{1,18})([.]0*)?\\z', 1), '') AS INT) END) AS `l`
FROM `step_2`
