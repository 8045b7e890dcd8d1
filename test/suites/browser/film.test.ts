import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { countFilms, openPage, settled, useBrowser } from './browser.ts'

useBrowser()

it('a film page has money, people and history', async () => {
  const page = await openPage('/')
  await page.getByRole('link', { name: 'Avatar', exact: true }).click()
  await settled(page)
  expect(await page.title()).toBe('Avatar · movielake')
  for (const panel of ['Money and votes', 'Cast', 'Crew', 'History'])
    expect(await page.getByRole('region', { name: panel, exact: true }).isVisible()).toBe(true)
  expect(await page.locator('#panel-money').textContent()).toContain('$2.92B')
  expect(await page.locator('#panel-crew').textContent()).toContain('James Cameron')
  expect(await page.locator('#panel-history tbody tr').count()).toBeGreaterThan(0)
})

it('filters survive the way to a film and back', async () => {
  const page = await openPage('/?genre=Adventure')
  const before = await countFilms(page)
  await page.locator('#panel-films tbody a').first().click()
  await settled(page)
  await page.goBack()
  expect(new URL(page.url()).search).toBe('?genre=Adventure')
  expect(await countFilms(page)).toBe(before)
})

it('a film that is not there says so', async () => {
  const page = await openPage('/films/999999999')
  expect(await page.getByRole('alert').textContent()).toContain('999999999')
})

it('the search finds films, directors and franchises by keys', async () => {
  const page = await openPage('/')
  await page.keyboard.press('/')
  await page.keyboard.type('avatar')
  const options = page.getByRole('option')
  await options.filter({ hasText: 'Franchise' }).first().waitFor()
  await page.keyboard.press('ArrowDown')
  expect(await options.nth(1).getAttribute('aria-selected')).toBe('true')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  expect(new URL(page.url()).pathname).toMatch(/^\/films\/\d+$/)
  await settled(page)
  await page.keyboard.press('/')
  await page.keyboard.type('cameron')
  await options.filter({ hasText: 'Director' }).first().click()
  await settled(page)
  expect(await page.getByRole('button', { name: 'Remove filter By James Cameron' }).isVisible()).toBe(true)
})

it('Enter never opens what was found for the text before', async () => {
  const page = await openPage('/')
  const search = page.getByRole('combobox')
  await search.fill('avatar')
  await page.getByRole('option').first().waitFor()
  await page.route('**/api/search?*', async (route) => {
    await sleep(500)
    await route.continue().catch(() => undefined)
  })
  await search.fill('titanic')
  await search.press('Enter')
  await page.waitForRequest('**/api/search?q=titanic')
  await search.press('Enter')
  expect(new URL(page.url()).pathname).toBe('/')
  await page.getByRole('option', { name: 'Titanic' }).first().waitFor()
  await search.press('Enter')
  await page.getByRole('heading', { name: 'Titanic', level: 1 }).waitFor()
})

it('Esc closes what the search found, then empties it', async () => {
  const page = await openPage('/')
  const search = page.getByRole('combobox')
  await search.fill('avatar')
  await page.getByRole('option').first().waitFor()
  await search.press('Escape')
  expect(await page.getByRole('option').count()).toBe(0)
  expect(await search.inputValue()).toBe('avatar')
  await search.press('Escape')
  expect(await search.inputValue()).toBe('')
})
