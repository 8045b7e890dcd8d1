// writes src/sources/tmdb/demo/catalogue/catalogue.json.gz, what the sample TMDB server knows: node scripts/make-catalogue.mjs DATA_FOLDER
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import { knownCollections, selectMovies } from './make-catalogue.choose.mjs'
import { creditEdits, factEdits, measuresOf, storyEdits } from './make-catalogue.dates.mjs'

/** The days the catalogue knows; the first, second, third and fourth have real numbers of some films. */
const days = ['2025-12-09', '2026-01-16', '2026-02-27', '2026-07-31', '2026-11-22']

const folder = process.argv[2]
if (folder === undefined) throw new Error('usage: node scripts/make-catalogue.mjs DATA_FOLDER')
const sources = readSources(folder)
const tables = buildTables(sources)
const movies = selectMovies(sources).map((chosen) => buildMovie(chosen))
const edits = [...snapshotEdits(), ...storyEdits({ movies, sources, days })].sort(
  (a, b) => a.date.localeCompare(b.date) || a.id - b.id,
)
writeCatalogue({ days, ...usedTables(), movies, edits, peopleEdits: buildPeopleEdits() })

function readSources(root) {
  const text = (path) => {
    const bytes = readFileSync(join(root, path))
    return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  }
  const lines = (path) =>
    text(path)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  const byId = (list) => new Map(list.map((movie) => [movie.id, movie]))
  return {
    snapshots: [
      byId(JSON.parse(text('snapshots/2025-12-09.json.gz'))),
      byId(lines('snapshots/2026-01-16T16.ndjson.gz')),
      byId(lines('snapshots/2026-02-27.ndjson.gz')),
    ],
    archive: byId(lines('tmdb-5000/payloads.ndjson.gz')),
    details: byId(JSON.parse(text('details-1100/movie_details_1100_2026-07-31.json')).movies),
  }
}

// names and countries of companies, languages and people are kept once; newer answers win
function buildTables({ snapshots, archive, details }) {
  const companies = new Map()
  const countries = new Map()
  const languages = new Map()
  const collections = new Map(knownCollections.map(({ id, name }) => [id, name]))
  for (const movie of [...archive.values(), ...details.values(), ...snapshots.flatMap((day) => [...day.values()])]) {
    for (const c of movie.production_companies) {
      companies.set(c.id, [c.name, c.origin_country ?? companies.get(c.id)?.[1] ?? ''])
    }
    for (const c of movie.production_countries) countries.set(c.iso_3166_1, c.name)
    for (const l of movie.spoken_languages) {
      const english = l.english_name ?? languages.get(l.iso_639_1)?.[0] ?? englishName(l.iso_639_1)
      languages.set(l.iso_639_1, [english, l.name])
    }
    if (movie.belongs_to_collection) collections.set(movie.belongs_to_collection.id, movie.belongs_to_collection.name)
  }
  return { companies, countries, languages, collections, people: buildPeople({ snapshots, archive }) }
}

function englishName(code) {
  if (code === 'xx') return 'No Language'
  if (code === 'cn') return 'Cantonese'
  return new Intl.DisplayNames('en', { type: 'language' }).of(code) ?? code
}

// the archive does not say what a person is known for: there it is the department with most of the person's credits
function buildPeople({ snapshots, archive }) {
  const people = new Map()
  const departments = new Map()
  for (const movie of archive.values()) {
    for (const credit of [...movie.credits.cast, ...movie.credits.crew]) {
      const counts = departments.get(credit.id) ?? new Map()
      const department = credit.department ?? 'Acting'
      counts.set(department, (counts.get(department) ?? 0) + 1)
      departments.set(credit.id, counts)
      people.set(credit.id, [credit.name.trim(), credit.gender ?? 0, '', credit.name.trim()])
    }
  }
  for (const [id, counts] of departments) {
    people.get(id)[2] = [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))[0][0]
  }
  for (const day of snapshots.toReversed()) for (const [id, person] of peopleOf(day)) people.set(id, person)
  return people
}

function peopleOf(day) {
  const credits = [...day.values()].flatMap((movie) => [...movie.credits.cast, ...movie.credits.crew])
  return new Map(credits.map((p) => [p.id, [p.name, p.gender, p.known_for_department, p.original_name]]))
}

/** [day, person id, person] for everybody of whom TMDB said something else than before. */
function buildPeopleEdits() {
  const known = new Map(tables.people)
  return sources.snapshots.slice(1).flatMap((day, at) =>
    [...peopleOf(day)]
      .filter(([id, person]) => JSON.stringify(known.get(id)) !== JSON.stringify(person))
      .sort((a, b) => a[0] - b[0])
      .map(([id, person]) => {
        known.set(id, person)
        return [days[at + 1], id, person]
      }),
  )
}

/** One film as the catalogue keeps it: facts of the first day, credits as tuples, one triple of measures per day. */
function buildMovie({ id, castLimit, crewLimit, kept }) {
  const snapshot = sources.snapshots[0].get(id)
  const archived = sources.archive.get(id)
  const detail = sources.details.get(id)
  const facts = snapshot ?? detail ?? archived
  const credits = snapshot?.credits ?? archived?.credits ?? { cast: [], crew: [] }
  const collection = facts.belongs_to_collection?.id ?? knownCollections.find((c) => c.movies.includes(id))?.id
  return {
    id,
    title: archived !== undefined && snapshot === undefined ? archived.title : facts.title,
    original_title: facts.original_title,
    original_language: facts.original_language,
    origin_country: facts.origin_country ?? [],
    imdb_id: facts.imdb_id || null,
    release_date: facts.release_date,
    status: facts.status,
    runtime: facts.runtime ?? 0,
    budget: facts.budget,
    revenue: facts.revenue,
    collection: collection ?? null,
    genres: facts.genres.filter((g) => g.name !== 'Foreign').map((g) => [g.id, g.name]),
    companies: facts.production_companies.map((c) => c.id),
    countries: facts.production_countries.map((c) => c.iso_3166_1),
    languages: facts.spoken_languages.map((l) => l.iso_639_1),
    keywords: (archived?.keywords.keywords ?? []).slice(0, 8).map((k) => [k.id, k.name]),
    cast: chooseCast(credits.cast, castLimit, kept).map(castTuple),
    crew: chooseCrew(credits.crew, crewLimit).map(crewTuple),
    measures: measuresOf({ id, sources, days, releaseDate: facts.release_date }),
  }
}

function chooseCast(cast, limit, kept) {
  const sorted = [...cast].sort((a, b) => a.order - b.order)
  return sorted.filter((c, at) => at < limit || kept.includes(c.name.trim()))
}

function chooseCrew(crew, limit) {
  const wanted = ['Screenplay', 'Writer', 'Producer', 'Original Music Composer', 'Director of Photography', 'Editor']
  const rank = (c) => (c.job === 'Director' ? -1 : wanted.includes(c.job) ? wanted.indexOf(c.job) : wanted.length)
  const directors = crew.filter((c) => c.job === 'Director')
  const others = crew.filter((c) => c.job !== 'Director').sort((a, b) => rank(a) - rank(b))
  const chosen = new Set([...directors, ...others.slice(0, limit)])
  return crew.filter((c) => chosen.has(c))
}

function castTuple(c) {
  return [c.id, c.credit_id, c.character?.trim() ?? '', c.order, c.cast_id]
}

function crewTuple(c) {
  return [c.id, c.credit_id, c.job, c.department]
}

/** What really changed between the snapshots of the assignment's films, and up to the details of the fourth day. */
function snapshotEdits() {
  const found = []
  for (const id of sources.snapshots[0].keys()) {
    for (const at of [1, 2]) {
      const before = sources.snapshots[at - 1].get(id)
      const after = sources.snapshots[at].get(id)
      const edit = { ...factEdits(before, after), ...creditEdits(before, after, { castTuple, crewTuple }) }
      if (Object.keys(edit).length > 0) found.push({ date: days[at], id, ...edit })
    }
    const detail = sources.details.get(id)
    const edit = detail === undefined ? {} : factEdits(sources.snapshots[2].get(id), detail)
    if (Object.keys(edit).length > 0) found.push({ date: days[3], id, ...edit })
  }
  return found
}

function usedTables() {
  const used = {
    companies: new Set(),
    countries: new Set(),
    languages: new Set(),
    collections: new Set(),
    people: new Set(),
  }
  const creditLists = [
    ...movies.flatMap((m) => [m.cast, m.crew]),
    ...edits.flatMap((e) => [e.cast?.put ?? [], e.crew?.put ?? []]),
  ]
  for (const list of creditLists) for (const [person] of list) used.people.add(person)
  for (const m of [...movies, ...edits.map((e) => e.set ?? {})]) {
    for (const key of ['companies', 'countries', 'languages']) for (const id of m[key] ?? []) used[key].add(id)
    if (m.collection) used.collections.add(m.collection)
  }
  const pick = (name) =>
    Object.fromEntries([...used[name]].sort((a, b) => (a < b ? -1 : 1)).map((id) => [id, tables[name].get(id)]))
  return Object.fromEntries(Object.keys(used).map((name) => [name, pick(name)]))
}

function writeCatalogue(catalogue) {
  const target = fileURLToPath(new URL('../src/sources/tmdb/demo/catalogue/', import.meta.url))
  mkdirSync(target, { recursive: true })
  const json = JSON.stringify(catalogue)
  const packed = gzipSync(json, { level: 9 })
  writeFileSync(join(target, 'catalogue.json.gz'), packed)
  const credits = movies.reduce((n, m) => n + m.cast.length + m.crew.length, 0)
  console.log(
    `${movies.length} movies, ${credits} credits, ${edits.length} edits, ${json.length} -> ${packed.length} bytes`,
  )
}
