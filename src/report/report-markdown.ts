import { kpiGroups } from './kpi-tables.ts'
import { formatInstant } from './numbers.ts'
import type { Report } from './report.ts'
import type { ReportTable } from './report-table.ts'
import { checksText, freshnessText, publishedText, sampleText, summaryText, tiles, tmdbNotice } from './report-texts.ts'
import { ruleTable } from './rule-table.ts'
import { answersTable, refusedTable, stepTable, versionTable } from './trust-tables.ts'

/** The report as Markdown; its pictures lie beside it in `charts/`. */
export function renderMarkdown(report: Report): string {
  const sample = sampleText(report)
  const blocks = [
    '# Movie report',
    ...(sample === undefined ? [] : [`> **${escaped(sample)}**`]),
    escaped(`${summaryText(report)} ${publishedText(report)}`),
    '## Headline numbers',
    ...tiles(report).map(({ name, value, note }) => `- **${name}: ${escaped(value)}** (${escaped(note)})`),
    '## Charts',
    ...report.charts.flatMap(({ id, caption }) => [
      `### ${escaped(caption.title)}`,
      escaped(caption.subtitle),
      `![${escaped(caption.description)}](charts/${id}.png)`,
      `[SVG](charts/${id}.svg), [CSV](charts/${id}.csv)`,
    ]),
    '## KPIs',
    ...kpiGroups(report.kpis, report.rules).flatMap(({ title, about, tables }) => [
      `### ${title}`,
      escaped(about),
      ...tables.flatMap((table) => tableText(table, 'no films')),
    ]),
    '## Trust',
    ...trustBlocks(report),
    '---',
    `${tmdbNotice} Made with movielake ${report.version}.`,
  ]
  return `${joined(blocks)}\n`
}

function trustBlocks(report: Report): string[] {
  const { run, answers, refused, tables } = report.trust
  return [
    '### The run',
    run === undefined
      ? `Run ${report.published.run_id} has left no record.`
      : `Run ${run.run_id}: \`${run.command}\`, started ${formatInstant(run.started_at)} UTC, movielake ${run.process.version}.`,
    ...(run === undefined ? [] : tableText(stepTable(run), 'no steps')),
    '### How fresh it is',
    freshnessText(report),
    ...tableText(answersTable(answers), 'no answers'),
    '### What was refused',
    ...tableText(refusedTable(refused), 'nothing was refused'),
    '### What was checked',
    checksText(report),
    ...tableText(versionTable(tables), 'no tables'),
    '### Rules',
    ...tableText(ruleTable(report.rules, report.quality), 'no rules'),
  ]
}

function tableText({ caption, columns, rows }: ReportTable, empty: string): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [
    `**${escaped(caption)}**`,
    rows.length === 0
      ? `(${empty})`
      : [
          line(columns.map(({ title }) => escaped(title))),
          line(columns.map(({ isNumber }) => (isNumber ? '---:' : '---'))),
          ...rows.map((cells) => line(cells.map(escaped))),
        ].join('\n'),
  ]
}

/** Text that Markdown shows as it is, on one line. */
const escaped = (text: string): string =>
  text.replaceAll(/[\p{Cc}\s]+/gu, ' ').replaceAll(/[\\`*_[\]<>|#~&$]/g, String.raw`\$&`)

/** Blocks with an empty line between them, items of a list without one. */
const joined = (blocks: readonly string[]): string =>
  blocks
    .map((block, at) =>
      at === 0
        ? block
        : `${block.startsWith('- ') && blocks[at - 1]?.startsWith('- ') === true ? '\n' : '\n\n'}${block}`,
    )
    .join('')
