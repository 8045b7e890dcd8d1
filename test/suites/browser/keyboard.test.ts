import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { countFilms, openPage, settled, useBrowser } from './browser.ts'

useBrowser()

it('everything is reached and used by keys alone', async () => {
  const page = await openPage('/')
  const all = await countFilms(page)
  await page.keyboard.press('Tab')
  expect(await focused(page)).toBe('Skip to content')
  await page.keyboard.press('Enter')
  await tabTo(page, 'Genre')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  await tabTo(page, 'Drama', 20)
  await page.keyboard.press('Space')
  const dramas = await countFilms(page)
  expect(dramas).toBeLessThan(all)
  await page.keyboard.press('Escape')
  expect(await focused(page)).toContain('Genre')
  await tabTo(page, 'Remove filter Drama')
  await page.keyboard.press('Enter')
  expect(await countFilms(page)).toBe(all)
})

it('a chart is one stop, arrows go from mark to mark, Enter filters and keeps the place', async () => {
  const page = await openPage('/')
  await page.locator('#panel-directors .tool').last().focus()
  await page.keyboard.press('Tab')
  const first = await focused(page)
  await page.keyboard.press('ArrowDown')
  const second = await focused(page)
  expect(second).not.toBe(first)
  expect(await page.locator('#panel-directors .tip').isVisible()).toBe(true)
  await page.keyboard.press('Enter')
  await settled(page)
  expect(new URL(page.url()).searchParams.has('director')).toBe(true)
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-pressed'))).toBe('true')
  await page.keyboard.press('Enter')
  await settled(page)
  expect(new URL(page.url()).search).toBe('')
  await page.keyboard.press('Tab')
  expect(await page.evaluate(() => document.activeElement?.closest('#panel-directors'))).toBeNull()
})

it('? opens the help and Esc closes it', async () => {
  const page = await openPage('/')
  const keys = page.getByRole('dialog', { name: 'Keys' })
  await page.keyboard.press('?')
  await keys.waitFor()
  await page.keyboard.press('Escape')
  await keys.waitFor({ state: 'detached' })
  expect(await page.getByRole('dialog').count()).toBe(0)
})

it('what has the focus shows it', async () => {
  const page = await openPage('/')
  for (let stop = 0; stop < 40; stop += 1) {
    await page.keyboard.press('Tab')
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle)
    expect(`${await focused(page)}: ${outline}`).toMatch(/: solid$/)
  }
})

it('Tab comes through every control of the page and out of it', async () => {
  const page = await openPage('/')
  const stops = await page.evaluate(
    () =>
      [...document.querySelectorAll<HTMLElement>('a, button, input, summary, [tabindex="0"]')].filter(
        (stop) => stop.tabIndex === 0 && stop.checkVisibility() && !stop.matches(':disabled'),
      ).length,
  )
  const seen = new Set<string>()
  for (let stop = 0; stop < stops; stop += 1) {
    await page.keyboard.press('Tab')
    seen.add(
      await page.evaluate(() =>
        String([...document.querySelectorAll('*')].indexOf(document.activeElement ?? document.body)),
      ),
    )
  }
  expect(seen.size).toBe(stops)
})

it('a new page begins at its top, with the focus in it', async () => {
  const page = await openPage('/')
  await page.locator('#panel-films tbody a').first().focus()
  await page.keyboard.press('Enter')
  await settled(page)
  expect(await page.evaluate(() => [document.activeElement?.id, scrollY])).toEqual(['main', 0])
})

async function tabTo(page: Page, name: string, most = 60): Promise<void> {
  for (let stop = 0; stop < most; stop += 1) {
    if ((await focused(page)).startsWith(name)) return
    await page.keyboard.press('Tab')
  }
  expect(await focused(page)).toBe(name)
}

/** The name of what has the focus: its label or its text. */
async function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement
    return element?.getAttribute('aria-label') ?? element?.closest('label, button, a')?.textContent ?? ''
  })
}
