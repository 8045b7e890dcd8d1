import { count, transform } from '../../frame/index.ts'
import type { ChartSources } from './chart.ts'

/** What charts are made of, over these films. */
export const chartSources = ({ films, movers }: Pick<ChartSources, 'films' | 'movers'>): ChartSources => ({
  films,
  total: films.agg(() => ({ films: count() })),
  directed: films
    .select((f) => ({
      movie_id: f.movie_id,
      person_ids: transform(f.directors, (director) => director.fields.person_id),
    }))
    .explode('person_ids', 'person_id')
    .dropNulls('person_id'),
  movers,
})
