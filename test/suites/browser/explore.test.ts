import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { countFilms, openPage, settled, useBrowser } from './browser.ts'

useBrowser()

const genre = (page: Page, name: string) => page.locator(`#panel-roi-by-genre [data-filter="genre=${name}"]`).first()

it('a click on a mark filters every panel and stands in the address', async () => {
  const page = await openPage('/')
  const all = await countFilms(page)
  await genre(page, 'Comedy').click()
  expect(new URL(page.url()).search).toBe('?genre=Comedy')
  const comedies = await countFilms(page)
  expect(comedies).toBeGreaterThan(0)
  expect(comedies).toBeLessThan(all)
  expect(await page.locator('.stat-value').first().textContent()).toBe(String(comedies))
  expect(await page.getByRole('button', { name: 'Remove filter Comedy' }).isVisible()).toBe(true)
})

it('a second click on a mark takes its filter out', async () => {
  const page = await openPage('/?genre=Comedy')
  await genre(page, 'Comedy').click()
  expect(new URL(page.url()).search).toBe('')
})

it('marks of years, franchises, directors and languages filter too', async () => {
  const page = await openPage('/')
  for (const [panel, filter] of [
    ['yearly-box-office', 'years'],
    ['franchise-against-standalone', 'franchise'],
    ['directors', 'director'],
    ['seasonality', 'month'],
    ['languages', 'language'],
  ]) {
    await page.locator(`#panel-${panel} [data-filter]`).last().click()
    expect([...new URL(page.url()).searchParams.keys()]).toEqual([filter])
    await page.goBack()
    await settled(page)
  }
})

it('a mark of a film opens the film', async () => {
  const page = await openPage('/')
  await page.locator('#panel-rankings [data-filter]').first().click()
  expect(new URL(page.url()).pathname).toMatch(/^\/films\/\d+$/)
})

it('asks first for what is on the screen', async () => {
  const page = await openPage('/')
  const asked: string[] = []
  page.on('request', (request) => asked.push(new URL(request.url()).pathname))
  await page.locator('#panel-languages [data-filter]').first().click()
  await settled(page)
  const charts = asked.filter((path) => path.startsWith('/api/charts/'))
  expect(charts.indexOf('/api/charts/languages')).toBeLessThan(4)
  expect(charts.indexOf('/api/charts/revenue-against-budget')).toBeGreaterThan(3)
})

it('Back takes the last filter out, Forward puts it in', async () => {
  const page = await openPage('/')
  const all = await countFilms(page)
  await genre(page, 'Drama').click()
  const dramas = await countFilms(page)
  await genre(page, 'Comedy').click()
  await countFilms(page)
  await page.goBack()
  expect(await countFilms(page)).toBe(dramas)
  await page.goBack()
  expect(await countFilms(page)).toBe(all)
  await page.goForward()
  expect(await countFilms(page)).toBe(dramas)
})

it('filters, order, page and views survive a reload', async () => {
  const page = await openPage('/?genre=Drama&sort=vote_average&order=asc&view=roi-by-genre.table')
  const before = await page.locator('#panel-films').textContent()
  await page.reload()
  await settled(page)
  expect(await page.locator('#panel-films').textContent()).toBe(before)
  expect(await page.getByRole('region', { name: /^Table of Return/ }).isVisible()).toBe(true)
  expect(await page.locator('th[aria-sort=ascending]').textContent()).toContain('Rating')
})

it('a value of the filter bar filters, and × takes it out', async () => {
  const page = await openPage('/')
  const all = await countFilms(page)
  await page.getByRole('button', { name: 'Language', exact: true }).click()
  await page.getByRole('checkbox', { name: /^Japanese/ }).check()
  expect(await countFilms(page)).toBeLessThan(all)
  await page.getByRole('button', { name: 'Remove filter Japanese' }).click()
  expect(await countFilms(page)).toBe(all)
})

it('a range of years filters', async () => {
  const page = await openPage('/')
  await page.getByRole('button', { name: 'Years', exact: true }).click()
  await page.getByLabel('From', { exact: true }).fill('2010')
  await page.getByLabel('From', { exact: true }).press('Tab')
  // the page is drawn anew while this is typed
  await page.getByLabel('To', { exact: true }).fill('2019')
  await settled(page)
  expect(await page.getByLabel('To', { exact: true }).inputValue()).toBe('2019')
  await page.getByLabel('To', { exact: true }).press('Enter')
  await settled(page)
  expect(new URL(page.url()).searchParams.get('years')).toBe('2010-2019')
})

it('every chart is also a table whose values filter', async () => {
  const page = await openPage('/')
  const panels = page.locator('.grid .panel:has(.picture svg)')
  for (const title of await panels.locator('h2').allTextContents()) {
    const panel = page.getByRole('region', { name: title, exact: true }).first()
    await panel.getByRole('button', { name: 'Table' }).click()
    expect(await panel.locator('tbody tr').count()).toBeGreaterThan(0)
  }
  await page.getByRole('button', { name: 'Drama', exact: true }).click()
  expect(new URL(page.url()).searchParams.getAll('genre')).toEqual(['Drama'])
})

it('every panel shows its SQL', async () => {
  const page = await openPage('/?genre=Drama')
  for (const button of await page.getByRole('button', { name: 'SQL', exact: true }).all()) await button.click()
  await settled(page)
  const panels = await page.locator('.grid .panel').count()
  const statements = await page.locator('.grid .sql pre').allTextContents()
  expect(statements).toHaveLength(panels)
  expect(statements.every((sql) => /\bselect\b/i.test(sql))).toBe(true)
})

it('a chart is saved as CSV, SVG and PNG', async () => {
  const page = await openPage('/?genre=Drama')
  const panel = page.locator('#panel-directors')
  const starts = { CSV: 'person_id,', SVG: '<svg', PNG: '\u{fffd}PNG' }
  for (const [kind, start] of Object.entries(starts)) {
    await panel.getByRole('button', { name: /^Save/ }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      panel.getByRole('link', { name: kind }).click(),
    ])
    const text = await readFile(await download.path(), 'utf8')
    expect(text.slice(0, 400)).toContain(start)
    await page.keyboard.press('Escape')
  }
})

it('the films are saved as CSV, filtered as they are shown', async () => {
  const page = await openPage('/?genre=Drama')
  const shown = await countFilms(page)
  const panel = page.locator('#panel-films')
  await panel.getByRole('button', { name: /^Save/ }).click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    panel.getByRole('link', { name: 'CSV' }).click(),
  ])
  const lines = (await readFile(await download.path(), 'utf8')).trim().split('\n')
  expect(lines.length).toBeGreaterThan(shown)
})

it('nothing is loaded from elsewhere', async () => {
  const page = await openPage('/')
  const hosts = await page.evaluate(() =>
    performance.getEntriesByType('resource').map(({ name }) => new URL(name).host),
  )
  expect([...new Set(hosts)]).toEqual([new URL(page.url()).host])
})
