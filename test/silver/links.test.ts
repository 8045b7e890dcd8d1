import { afterAll, describe, expect, it } from 'vitest'
import { movieCompanies } from '../../src/silver/movie-companies.ts'
import { movieCountries } from '../../src/silver/movie-countries.ts'
import { movieGenres } from '../../src/silver/movie-genres.ts'
import { movieLanguages } from '../../src/silver/movie-languages.ts'
import { answer, closeEngines, film, openEngines, silverRows } from './given.ts'

const engines = await openEngines()
afterAll(() => closeEngines(engines))

const planned = answer(film({ id: 1, status: 'Planned' }))

describe.each(engines)('links of a movie on $name', (engine) => {
  it('silver.movie_genres has a row for each genre', async () => {
    const rows = await silverRows(engine, movieGenres, [answer(film()), planned])
    expect(rows.toSorted((a, b) => a.genre_id - b.genre_id)).toEqual([
      { movie_id: 603, genre_id: 28, genre: 'Action' },
      { movie_id: 603, genre_id: 878, genre: 'Science Fiction' },
    ])
  })

  it('silver.movie_genres has a genre once that is listed under two names, by the last of them', async () => {
    const genres = [
      { id: 878, name: 'Science Fiction' },
      { id: 878, name: 'Sci-Fi' },
      { id: 878, name: 'N/A' },
    ]
    const rows = await silverRows(engine, movieGenres, [answer(film({ genres }))])
    expect(rows).toEqual([{ movie_id: 603, genre_id: 878, genre: 'Science Fiction' }])
  })

  it('silver.movie_genres leaves out what has no id or no name', async () => {
    const genres = [{ name: 'Drama' }, { id: 18 }, { id: 18, name: '' }, { id: 'x', name: 'Drama' }, null, 5]
    expect(await silverRows(engine, movieGenres, [answer(film({ genres }))])).toEqual([])
  })

  it('silver.movie_companies has a row for each company', async () => {
    const production_companies = [
      { id: 79, name: ' Village Roadshow Pictures ', origin_country: '' },
      { id: 174, name: 'Warner Bros. Pictures', origin_country: 'US' },
    ]
    const rows = await silverRows(engine, movieCompanies, [answer(film({ production_companies })), planned])
    expect(rows.toSorted((a, b) => a.company_id - b.company_id)).toEqual([
      { movie_id: 603, company_id: 79, company: 'Village Roadshow Pictures', origin_country: null },
      { movie_id: 603, company_id: 174, company: 'Warner Bros. Pictures', origin_country: 'US' },
    ])
  })

  it('silver.movie_companies has a company once that is listed twice, with the country either gives', async () => {
    const production_companies = [
      { id: 174, name: 'Warner Bros.', origin_country: 'US' },
      { id: 174, name: 'Warner Bros. Pictures', origin_country: null },
    ]
    const rows = await silverRows(engine, movieCompanies, [answer(film({ production_companies }))])
    expect(rows).toEqual([{ movie_id: 603, company_id: 174, company: 'Warner Bros. Pictures', origin_country: 'US' }])
  })

  it('silver.movie_countries has a row for each country of production, once', async () => {
    const production_countries = [
      { iso_3166_1: 'US', name: 'United States of America' },
      { iso_3166_1: 'US', name: 'USA' },
      { iso_3166_1: '', name: 'Nowhere' },
      { iso_3166_1: 'AU', name: ' ' },
    ]
    const rows = await silverRows(engine, movieCountries, [answer(film({ production_countries })), planned])
    expect(rows).toEqual([{ movie_id: 603, iso_3166_1: 'US', country: 'United States of America' }])
  })

  it('silver.movie_languages has a row for each language, in English where it has no name of its own', async () => {
    const spoken_languages = [
      { iso_639_1: 'ha', name: '', english_name: 'Hausa' },
      { iso_639_1: 'fr', name: 'Français', english_name: 'French' },
      { iso_639_1: 'xx', name: '' },
    ]
    const rows = await silverRows(engine, movieLanguages, [answer(film({ spoken_languages })), planned])
    expect(rows.toSorted((a, b) => (a.iso_639_1 < b.iso_639_1 ? -1 : 1))).toEqual([
      { movie_id: 603, iso_639_1: 'fr', language: 'Français' },
      { movie_id: 603, iso_639_1: 'ha', language: 'Hausa' },
    ])
  })

  it('are none where the lists are null or missing', async () => {
    const none = { genres: null, production_companies: undefined, production_countries: null, spoken_languages: 5 }
    const bare = [answer(film(none))]
    for (const table of [movieGenres, movieCompanies, movieCountries, movieLanguages])
      expect(await silverRows<object>(engine, table, bare)).toEqual([])
  })
})
