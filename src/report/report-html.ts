import { createHash } from 'node:crypto'
import type { DrawnChart } from './draw-charts.ts'
import { kpiGroups, type TableGroup } from './kpi-tables.ts'
import { formatInstant } from './numbers.ts'
import { reportCss } from './report-css.ts'
import type { Report } from './report.ts'
import type { ReportTable } from './report-table.ts'
import { checksText, freshnessText, publishedText, sampleText, summaryText, tiles, tmdbNotice } from './report-texts.ts'
import { ruleTable } from './rule-table.ts'
import { escapeXml as escaped } from './static/svg-text.ts'
import { answersTable, refusedTable, stepTable, versionTable } from './trust-tables.ts'

/**
 * The report as one page that needs nothing beside it: charts stand in it, there is no script, and its policy lets a browser load nothing at
 * all and take only its own style sheet.
 */
export function renderHtml(report: Report): string {
  const groups = kpiGroups(report.kpis, report.rules)
  const hash = createHash('sha256').update(reportCss).digest('base64')
  return [
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8"/>',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"/>`,
    '<meta name="viewport" content="width=device-width, initial-scale=1"/>',
    '<meta name="referrer" content="no-referrer"/>',
    `<meta name="generator" content="movielake ${escaped(report.version)}"/>`,
    `<title>Movie report, ${escaped(report.published.at.slice(0, 10))}</title>`,
    `<style>${reportCss}</style>\n</head>\n<body>`,
    '<a class="skip" href="#content">Skip to the report</a>',
    header(report),
    contents(groups, report.charts),
    '<main id="content">',
    section('headline', 'Headline numbers', headline(report)),
    section('charts', 'Charts', report.charts.map(figure).join('\n')),
    section('kpis', 'KPIs', groups.map(group).join('\n')),
    section('trust', 'Trust', trust(report)),
    '</main>',
    `<footer><p>${tmdbNotice} Made with movielake ${escaped(report.version)}.</p></footer>`,
    '</body>\n</html>\n',
  ].join('\n')
}

function header(report: Report): string {
  const sample = sampleText(report)
  return [
    '<header>',
    '<h1>Movie report</h1>',
    `<p class="lede">${escaped(summaryText(report))}</p>`,
    `<p class="quiet">${escaped(publishedText(report))}</p>`,
    ...(sample === undefined ? [] : [`<p class="sample">${escaped(sample)}</p>`]),
    '</header>',
  ].join('\n')
}

function contents(groups: readonly TableGroup[], charts: readonly DrawnChart[]): string {
  const link = (id: string, title: string): string => `<li><a href="#${id}">${escaped(title)}</a></li>`
  return [
    '<nav aria-labelledby="contents">',
    '<h2 id="contents">Contents</h2>',
    '<ol>',
    link('headline', 'Headline numbers'),
    ...charts.map(({ id, caption }) => link(`figure-${id}`, caption.title)),
    ...groups.map(({ id, title }) => link(id, title)),
    link('trust', 'Trust: runs, checks, what was refused'),
    '</ol>',
    '</nav>',
  ].join('\n')
}

const section = (id: string, title: string, content: string): string =>
  `<section id="${id}" aria-labelledby="${id}-title">\n<h2 id="${id}-title">${title}</h2>\n${content}\n</section>`

const headline = (report: Report): string =>
  `<dl>\n${tiles(report)
    .map(
      ({ name, value, note }) => `<div><dt>${name}</dt><dd>${escaped(value)}<span>${escaped(note)}</span></dd></div>`,
    )
    .join('\n')}\n</dl>`

const figure = ({ id, caption, inline }: DrawnChart): string =>
  [
    `<figure id="figure-${id}">`,
    `<figcaption><h3>${escaped(caption.title)}</h3><p>${escaped(caption.subtitle)}</p></figcaption>`,
    inline === undefined
      ? '<p class="quiet">Nothing to draw yet.</p>'
      : `<div class="scroll" tabindex="0" role="group" aria-label="${escaped(caption.title)}">${inline}</div>`,
    '</figure>',
  ].join('\n')

const group = ({ id, title, about, tables }: TableGroup): string =>
  `<h3 id="${id}">${escaped(title)}</h3>\n<p class="quiet">${escaped(about)}</p>\n${grid(tables, 'no films')}`

/** Narrow tables stand side by side. */
function grid(all: readonly ReportTable[], empty: string): string {
  const isNarrow = all.length > 1 && all.every(({ columns }) => columns.length <= 3)
  const content = all.map((each) => table(each, empty)).join('\n')
  return isNarrow ? `<div class="tables">\n${content}\n</div>` : content
}

function table({ caption, columns, rows, head }: ReportTable, empty: string): string {
  const kind = (at: number): string => (columns[at]?.isNumber === true ? ' class="number"' : '')
  const title = (text: string, at: number): string =>
    text === '' ? `<td${kind(at)}></td>` : `<th scope="col"${kind(at)}>${escaped(text)}</th>`
  const cell = (text: string, at: number): string =>
    at === head ? `<th scope="row"${kind(at)}>${escaped(text)}</th>` : `<td${kind(at)}>${escaped(text)}</td>`
  if (rows.length === 0) return `<p><strong>${escaped(caption)}</strong>: ${empty}</p>`
  return [
    `<div class="scroll${columns.length > 4 ? ' wide' : ''}" tabindex="0" role="group" aria-label="${escaped(caption)}">`,
    `<table><caption>${escaped(caption)}</caption>`,
    `<thead><tr>${columns.map((column, at) => title(column.title, at)).join('')}</tr></thead>`,
    '<tbody>',
    ...rows.map((cells) => `<tr>${cells.map(cell).join('')}</tr>`),
    '</tbody></table></div>',
  ].join('\n')
}

function trust(report: Report): string {
  const { run, answers, refused, tables } = report.trust
  const part = (title: string, text: string, content = ''): string => `<h3>${title}</h3>\n<p>${text}</p>\n${content}`
  return [
    run === undefined
      ? part('The run', `Run ${escaped(report.published.run_id)} has left no record.`)
      : part(
          'The run',
          `Run ${escaped(run.run_id)}: <code>movielake ${escaped(run.command)}</code>, started ${formatInstant(run.started_at)} UTC, movielake ${escaped(run.process.version)}.`,
          table(stepTable(run), 'no steps'),
        ),
    part('How fresh it is', escaped(freshnessText(report)), table(answersTable(answers), 'no answers')),
    part(
      'What was refused',
      'What is refused is kept with its reason: answers that are no film in bronze.rejected, films that silver leaves out or doubts in silver.quarantine.',
      table(refusedTable(refused), 'nothing was refused'),
    ),
    part('What was checked', escaped(checksText(report)), table(versionTable(tables), 'no tables')),
    part(
      'Rules',
      'The settings that decided what is kept and counted.',
      table(ruleTable(report.rules, report.quality), ''),
    ),
  ].join('\n')
}
