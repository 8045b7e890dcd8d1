import { typeName } from '../frame/types.ts'
import type { ColumnSpec, Table } from '../table.ts'

const layers = {
  bronze: 'Every answer as it came. Only ever appended to.',
  silver: 'Clean and typed, one row per thing; kept up from the newest answers. How it is cleaned: [rules](rules.md).',
  gold: 'What is counted from silver, computed anew when silver has changed. How it is counted: [rules](rules.md).',
} as const

/** The data dictionary as Markdown: every table with its grain, key and inputs, every column with its type, unit and meaning, all read off the tables. */
export function renderDataDictionary(tables: readonly Table<object>[]): string {
  const parts = Object.entries(layers).flatMap(([layer, about]) => [
    `## ${layer}\n\n${about}`,
    ...tables.filter(({ name }) => name.startsWith(`${layer}.`)).map(renderTable),
  ])
  return [
    '# Data dictionary',
    'Generated from the tables in `src/` by `node scripts/make-data-dictionary.mjs`; a test compares the two. `?` behind a type: may be null.',
    ...parts,
    '',
  ].join('\n\n')
}

function renderTable({ name, grain, key, inputs, columns }: Table<object>): string {
  // what a build stages between bronze and silver is no table of the lake
  const from = [...new Set(Object.values(inputs).flatMap((input) => lakeInputs(input)))]
  const facts = [
    `${grain[0]?.toUpperCase()}${grain.slice(1)}.`,
    key.length > 0 ? `Key: ${key.map(code).join(', ')}.` : 'No key.',
    from.length > 0 ? `From: ${from.map(link).join(', ')}.` : '',
  ]
  return [
    `### ${name}`,
    facts.join(' ').trim(),
    ['| column | type | unit | meaning |', '|---|---|---|---|', ...Object.entries(columns).map(renderColumn)].join(
      '\n',
    ),
  ].join('\n\n')
}

const renderColumn = ([name, { type, isNullable, unit, about }]: [string, ColumnSpec<unknown>]): string =>
  `| ${[code(name), code(`${typeName(type)}${isNullable ? '?' : ''}`), unit ?? '', about].map(cell).join(' | ')} |`

const lakeInputs = (input: Table<object>): readonly string[] =>
  Object.keys(input.columns).length > 0 ? [input.name] : Object.values(input.inputs).map(({ name }) => name)

const code = (text: string): string => `\`${text}\``
const cell = (text: string): string => text.replaceAll('|', '\\|')
const link = (table: string): string => `[${table}](#${table.replaceAll('.', '')})`
