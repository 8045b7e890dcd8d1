import { expect, it } from 'vitest'
import { withNames } from '../../../src/engines/spark/spark-names.ts'

const names = new Map([['silver.movies', '`silver.movies@3`']])

it.each([
  ['SELECT * FROM silver.movies', 'SELECT * FROM `silver.movies@3`'],
  ['SELECT * FROM Silver . MOVIES AS m', 'SELECT * FROM `silver.movies@3` AS m'],
  ['SELECT * FROM `silver`.`movies`', 'SELECT * FROM `silver.movies@3`'],
  ['SELECT * FROM "silver"."movies"', 'SELECT * FROM `silver.movies@3`'],
  ["SELECT 'silver.movies', 'it\\'s silver.movies'", "SELECT 'silver.movies', 'it\\'s silver.movies'"],
  ['SELECT 1 -- silver.movies\n, 2 /* silver.movies */', 'SELECT 1 -- silver.movies\n, 2 /* silver.movies */'],
  ['SELECT gold.movies FROM silver.people', 'SELECT gold.movies FROM silver.people'],
])('names tables in %s', (sql, expected) => {
  expect(withNames(sql, names)).toBe(expected)
})
