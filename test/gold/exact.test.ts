import { afterAll, describe, expect, it } from 'vitest'
import { sum } from '../../src/frame/index.ts'
import { exactMean, exactSum } from '../../src/gold/exact.ts'
import { movies } from '../../src/silver/movies.ts'
import { closeEngines, given, openEngines } from '../silver/given.ts'

const engines = await openEngines()
afterAll(() => closeEngines(engines))

const tenths = Array.from({ length: 10 }, (_, i) => ({ movie_id: i + 1, revenue_musd: 0.1 }))

describe.each(engines)('sums and means on $name', (engine) => {
  it('come out as by hand, where adding doubles does not', async () => {
    const frame = await given(engine, movies, tenths)
    const [row] = await frame
      .agg((m) => ({ added: sum(m.revenue_musd), exact: exactSum(m.revenue_musd), mean: exactMean(m.revenue_musd) }))
      .collect()
    expect(row).toEqual({ added: expect.closeTo(1, 12), exact: 1, mean: 0.1 })
    expect(row?.added).not.toBe(1)
  })

  it('leave out what is unknown, and are unknown when nothing is known', async () => {
    const known = await given(engine, movies, [{ movie_id: 1, revenue_musd: 3 }, { movie_id: 2 }])
    const results = (frame: typeof known) =>
      frame.agg((m) => ({ total: exactSum(m.revenue_musd), mean: exactMean(m.revenue_musd) })).collect()
    expect(await results(known)).toEqual([{ total: 3, mean: 3 }])
    expect(await results(await given(engine, movies, [{ movie_id: 1 }]))).toEqual([{ total: null, mean: null }])
  })
})
