import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { countFilms, findBarriers, lake, openPage, settled, useBrowser } from './browser.ts'

useBrowser()

const cli = 'dist/cli/main.js'

it('an error of the API stands in its panel, and trying again helps', async () => {
  const page = await openPage('/')
  await page.context().setOffline(true)
  await page.locator('#panel-roi-by-genre [data-filter="genre=Drama"]').first().click()
  const alert = page.locator('#panel-directors').getByRole('alert')
  await alert.waitFor()
  expect(await alert.textContent()).toContain('the server does not answer')
  expect(await findBarriers(page)).toEqual([])
  await page.context().setOffline(false)
  await alert.getByRole('button', { name: 'Try again' }).click()
  await page.locator('#panel-directors .picture svg').waitFor()
})

it('an answer that refuses says what is wrong and what helps', async () => {
  const page = await openPage('/?years=2019-2010')
  const alerts = await page.getByRole('alert').allTextContents()
  expect(alerts.length).toBeGreaterThan(5)
  expect(alerts[0]).toContain('years')
})

it('panels without films say so and offer to clear the filters', async () => {
  const page = await openPage('/?q=zzzzzz')
  expect(await countFilms(page)).toBe(0)
  expect(await page.locator('.picture svg').count()).toBe(0)
  expect(await findBarriers(page)).toEqual([])
  await page.locator('#panel-films').getByRole('button', { name: 'Clear all filters' }).click()
  expect(await countFilms(page)).toBeGreaterThan(0)
})

it('an older answer never replaces a newer one', async () => {
  const page = await openPage('/')
  const franchise = page.getByRole('button', { name: 'Franchise', exact: true })
  await franchise.click()
  const older = await countFilms(page)
  await franchise.click()
  await settled(page)
  await page.route(/\/api\/films\?.*franchise=1/, async (route) => {
    await sleep(1500)
    // the page has given it up by now
    await route.continue().catch(() => undefined)
  })
  const asked = page.waitForRequest(/\/api\/films\?.*franchise=1/)
  await franchise.click()
  await asked
  await page.getByRole('button', { name: 'Standalone', exact: true }).click()
  const newer = await countFilms(page)
  expect(newer).not.toBe(older)
  await page.waitForTimeout(2000)
  expect(await countFilms(page)).toBe(newer)
})

it('a run shows while it is under way', async () => {
  const page = await openPage('/runs')
  const ended = promisify(execFile)(process.execPath, [cli, 'run', '--ids', '603', '--lake', lake, '--quiet'])
  await page.locator('#panel-runs .status-running').waitFor()
  await ended
  await page.locator('#panel-runs .status-running').waitFor({ state: 'detached' })
  expect(await page.locator('#panel-runs tbody tr').count()).toBe(2)
})

it('a page that is open shows what is published meanwhile, and says so', async () => {
  const page = await openPage('/?genre=Drama')
  const before = await countFilms(page)
  await promisify(execFile)(process.execPath, [
    cli,
    'run',
    '--source',
    'list,popular',
    '--pages',
    '8',
    '--lake',
    lake,
    '--quiet',
  ])
  await page.getByText('New data:').waitFor()
  await page.waitForFunction(
    (count) => !document.querySelector('#panel-films header p')?.textContent.startsWith(`${count} `),
    before,
  )
  expect(await countFilms(page)).toBeGreaterThan(before)
  expect(new URL(page.url()).search).toBe('?genre=Drama')
  await page.getByRole('button', { name: 'Dismiss' }).click()
  await settled(page)
  expect(await page.getByText('New data:').count()).toBe(0)
})
