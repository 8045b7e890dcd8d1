import { expect, it } from 'vitest'
import { findBarriers, openPage, settled, useBrowser } from './browser.ts'

useBrowser()

const addresses = [
  '/',
  '/?genre=Drama&view=directors.table&view=languages.sql',
  '/films/19995',
  '/runs',
  '/data',
  '/data/silver/movies',
  '/nowhere',
]

for (const colorScheme of ['light', 'dark'] as const)
  for (const address of addresses)
    it(`axe finds nothing at ${address} in ${colorScheme}`, async () => {
      const page = await openPage(address, { colorScheme })
      expect(await findBarriers(page)).toEqual([])
    })

it('axe finds nothing in open boxes', async () => {
  const page = await openPage('/')
  for (const name of ['Genre', 'Years', 'Save Films']) {
    await page.getByRole('button', { name, exact: true }).click()
    expect(await findBarriers(page)).toEqual([])
    await page.keyboard.press('Escape')
  }
  await page.getByRole('combobox').fill('avatar')
  await page.getByRole('option').first().waitFor()
  expect(await findBarriers(page)).toEqual([])
  await page.keyboard.press('?')
  await page.getByRole('combobox').blur()
  await page.keyboard.press('?')
  await page.getByRole('dialog').waitFor()
  expect(await findBarriers(page)).toEqual([])
})

for (const address of addresses)
  it(`${address} fits on a phone`, async () => {
    const page = await openPage(address, { viewport: { width: 360, height: 740 }, hasTouch: true })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  })

it('a run shows its steps, its refusals and its lineage', async () => {
  const page = await openPage('/runs')
  await page.locator('#panel-runs tbody a').last().click()
  await settled(page)
  expect(await page.locator('#panel-steps tbody th').allTextContents()).toEqual([
    'ingest',
    'silver',
    'gold',
    'publish',
    'report',
  ])
  expect(await page.locator('#panel-refusals tbody tr').count()).toBeGreaterThan(0)
  expect(await page.locator('.lineage .edge').count()).toBeGreaterThan(20)
  const narrow = await page
    .locator('.lineage .box')
    .evaluateAll((boxes) =>
      boxes.filter(
        (box) => box.getBoundingClientRect().right - (box.lastElementChild?.getBoundingClientRect().right ?? 0) < 8,
      ),
    )
  expect(narrow).toHaveLength(0)
  expect(await findBarriers(page)).toEqual([])
  await page.setViewportSize({ width: 360, height: 740 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
})

it('a table shows its columns with meaning and unit, and its versions', async () => {
  const page = await openPage('/data')
  await page.getByRole('link', { name: 'silver.movies', exact: true }).click()
  await settled(page)
  expect(await page.getByRole('row', { name: /^budget_musd double million USD yes/ }).isVisible()).toBe(true)
  expect(await page.locator('#panel-versions tbody tr').count()).toBeGreaterThan(0)
})

it('the theme that was chosen is remembered', async () => {
  const page = await openPage('/', { colorScheme: 'light' })
  await page.getByRole('button', { name: 'Dark colours' }).click()
  await page.reload()
  await settled(page)
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(11, 14, 19)')
  expect(await page.locator('#panel-directors [fill="#a9c8ff"]').count()).toBeGreaterThan(0)
})

it('every page says whose data these are', async () => {
  const page = await openPage('/data')
  const text = await page.locator('body').textContent()
  expect(text).toContain('This product uses the TMDB API but is not endorsed or certified by TMDB.')
  expect(text).toContain('Sample data.')
})
