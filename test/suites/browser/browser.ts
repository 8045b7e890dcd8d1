import axe from 'axe-core'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'

/** Where the dashboard runs, and the lake it shows: set by scripts/test-browser.js. */
export const base = required('MOVIELAKE_BROWSER_BASE')
export const lake = required('MOVIELAKE_BROWSER_LAKE')

let browser: Browser
const complaints: string[] = []

/** A browser for the tests of a file. After each test no page may have complained: no error, nothing refused by the Content-Security-Policy. */
export function useBrowser(): void {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: required('MOVIELAKE_BROWSER'), args: ['--no-sandbox'] })
  })
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close()
    expect(complaints.splice(0)).toEqual([])
  })
  afterAll(() => browser.close())
}

/** A page of the dashboard, loaded to the last panel. */
export async function openPage(address: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  const page = await context.newPage()
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) complaints.push(message.text())
  })
  await page.goto(base + address)
  await settled(page)
  return page
}

/** Everything on the page has loaded. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main h1').first().waitFor({ state: 'attached' })
  await page.waitForFunction(() => document.querySelector('[aria-busy=true], .skeleton') === null)
}

/** How many films the list says there are. */
export async function countFilms(page: Page): Promise<number> {
  await settled(page)
  const text = await page.locator('#panel-films header p').textContent()
  return Number(text?.replaceAll(/\D/g, ''))
}

/** What axe finds, a line each. */
export async function findBarriers(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run())
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`))
}

function required(name: string): string {
  const value = process.env[name]
  if (value === undefined) throw new Error(`${name} is not set: run npm run test:browser`)
  return value
}
