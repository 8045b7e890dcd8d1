import { hostname } from 'node:os'
import { expect, it } from 'vitest'
import { call } from './call.ts'

/** What it prints before it is stopped, which is at once. */
const printed = async (...flags: readonly string[]): Promise<string> =>
  (await call(['demo-server', '--port', '0', ...flags], { signal: AbortSignal.abort() })).stdout

it('prints the address others reach it by', async () => {
  expect(await printed()).toMatch(/^sample films at http:\/\/127\.0\.0\.1:\d+\/3$/m)
  const name = `http://${hostname()}:`.toLowerCase()
  for (const host of ['0.0.0.0', '::']) expect((await printed('--host', host)).toLowerCase()).toContain(name)
})

it('prints what to set for it to be asked, with the key it accepts when there is only one', async () => {
  expect(await printed()).toMatch(/^ {2}export MOVIELAKE__SAMPLE__BASE_URL=http:\/\/127\.0\.0\.1:\d+\/3$/m)
  const withKey = await printed('--token', '0123456789abcdef')
  expect(withKey).toMatch(/^ {2}export MOVIELAKE__TMDB__BASE_URL=http:\/\/127\.0\.0\.1:\d+\/3$/m)
  expect(withKey).toMatch(/^ {2}export TMDB_API_KEY=0123456789abcdef$/m)
})

it('shows the day of the settings, unless a flag names one', async () => {
  const before = ['--set', 'sample.date=1999-03-31']
  const options = { signal: AbortSignal.abort() }
  expect(await call(['demo-server', '--port', '0', ...before], options)).toMatchObject({ code: 2 })
  expect(await call(['demo-server', '--port', '0', ...before, '--date', '2026-01-16'], options)).toMatchObject({
    code: 0,
  })
})
