import { expect, it } from 'vitest'
import { withNames } from '../../../src/engines/spark/spark-names.ts'

const names = new Map([['silver.movies', '`silver.movies@3`']])

it.each([
  ['SELECT * FROM silver.movies', 'SELECT * FROM `silver.movies@3` AS movies'],
  ['SELECT * FROM Silver . MOVIES AS m', 'SELECT * FROM `silver.movies@3` AS m'],
  ['SELECT * FROM silver.movies m WHERE m.id = 1', 'SELECT * FROM `silver.movies@3` m WHERE m.id = 1'],
  ['SELECT * FROM `silver`.`movies`', 'SELECT * FROM `silver.movies@3` AS `movies`'],
  ['SELECT * FROM "silver"."movies"', 'SELECT * FROM `silver.movies@3` AS "movies"'],
  ['SELECT movies.title FROM silver.movies WHERE 1', 'SELECT movies.title FROM `silver.movies@3` AS movies WHERE 1'],
  ['SELECT silver.movies.title FROM silver.movies', 'SELECT movies.title FROM `silver.movies@3` AS movies'],
  ['(SELECT 1 FROM a, silver.movies)', '(SELECT 1 FROM a, `silver.movies@3` AS movies)'],
  ["SELECT 'silver.movies', 'it\\'s silver.movies'", "SELECT 'silver.movies', 'it\\'s silver.movies'"],
  ['SELECT 1 -- silver.movies\n, 2 /* silver.movies */', 'SELECT 1 -- silver.movies\n, 2 /* silver.movies */'],
  ['SELECT gold.movies FROM silver.people', 'SELECT gold.movies FROM silver.people'],
])('names tables in %s', (sql, expected) => {
  expect(withNames(sql, names)).toBe(expected)
})
