import { createHash } from 'node:crypto'

/** Median of popularity in 2026 over popularity in the archive, for the films in both: the scale changed in between. */
const archivePopularityScale = 0.148

/** A number in [0, 1) that depends on `parts` only. */
export function hashRatio(...parts) {
  return createHash('sha256').update(parts.join('|')).digest().readUInt32BE(0) / 2 ** 32
}

/**
 * [popularity, vote_average, vote_count] of a film, one per day. Days with a real answer carry its numbers; the others follow
 * from the nearest real ones: popularity within 25 %, votes growing, the rating by thousandths.
 */
export function measuresOf({ id, sources, days, releaseDate }) {
  const real = realMeasures(id, sources)
  const at = [...real.keys()]
  return days.map((day, index) => {
    const known = real.get(index)
    if (known !== undefined) return known
    const anchor = at.findLast((i) => i < index) ?? at[0]
    if (day < releaseDate) return [real.get(anchor)[0], 0, 0]
    return drifted(real.get(anchor), { id, day, steps: index - anchor, isArchived: !at.includes(3) && at.length === 1 })
  })
}

function realMeasures(id, { snapshots, archive, details }) {
  const triple = (m, scale = 1) => [round(m.popularity * scale, 4), m.vote_average, m.vote_count]
  const found = new Map()
  snapshots.forEach((day, index) => day.has(id) && found.set(index, triple(day.get(id))))
  if (details.has(id)) found.set(3, triple(details.get(id)))
  if (found.size === 0) found.set(0, triple(archive.get(id), archivePopularityScale))
  return found
}

function drifted([popularity, rating, votes], { id, day, steps, isArchived }) {
  const growth = 0.005 + 0.02 * hashRatio(id, 'growth')
  const grown = Math.max(0, Math.round(votes * (1 + growth * steps)))
  const nudge = isArchived || rating === 0 ? 0 : Math.round(6 * hashRatio(id, day, 'rating') - 3) / 1000
  return [round(popularity * (0.75 + 0.5 * hashRatio(id, day)), 4), round(Math.min(10, rating + nudge), 3), grown]
}

function round(value, places) {
  return Math.round(value * 10 ** places) / 10 ** places
}

/** `{ set }` with the facts that differ, or nothing. The order within a list is no fact. */
export function factEdits(before, after) {
  const plain = ['title', 'original_title', 'release_date', 'status', 'runtime', 'budget', 'revenue', 'imdb_id']
  const set = {}
  for (const key of plain) if (after[key] !== before[key]) set[key] = after[key]
  const lists = {
    companies: (m) => m.production_companies.map((c) => c.id),
    countries: (m) => m.production_countries.map((c) => c.iso_3166_1),
    languages: (m) => m.spoken_languages.map((l) => l.iso_639_1),
    genres: (m) => m.genres.map((g) => [g.id, g.name]),
  }
  for (const [key, listOf] of Object.entries(lists)) {
    if (sorted(listOf(after)) !== sorted(listOf(before))) set[key] = listOf(after)
  }
  return Object.keys(set).length > 0 ? { set } : {}
}

function sorted(list) {
  return JSON.stringify([...list].map(String).sort())
}

/** `{ cast, crew }` with the credits that went (`remove`, by credit id) and those that came or changed (`put`). */
export function creditEdits(before, after, { castTuple, crewTuple }) {
  const edits = {}
  for (const [kind, tuple] of [
    ['cast', castTuple],
    ['crew', crewTuple],
  ]) {
    const old = new Map(before.credits[kind].map((c) => [c.credit_id, JSON.stringify(tuple(c))]))
    const now = new Set(after.credits[kind].map((c) => c.credit_id))
    const put = after.credits[kind].map(tuple).filter((t) => old.get(t[1]) !== JSON.stringify(t))
    const remove = [...old.keys()].filter((id) => !now.has(id))
    if (put.length + remove.length > 0) edits[kind] = { remove, put }
  }
  return edits
}

/** What happens to the other films: late releases, a film that comes late, leaves or comes back, and what TMDB's users corrected. */
export function storyEdits({ movies, sources, days }) {
  const has = new Set(movies.map((m) => m.id))
  const presence = (id, day, gone) => ({ date: day, id, gone })
  const edits = [
    presence(25186, days[1], true),
    presence(25186, days[3], false),
    presence(18475, days[2], true),
    presence(116977, days[3], true),
    presence(1368166, days[0], true),
    presence(1368166, days[1], false),
    { date: days[2], id: 50875, set: { status: 'Released' } },
    { date: days[4], id: 295886, set: { status: 'Released' } },
    ...movies.filter((m) => m.release_date > days[0] && m.id !== 1368166).flatMap((m) => lateRelease(m, days)),
    ...retitled(sources, days, has),
    ...corrected(movies, sources, days),
  ]
  for (const { id } of edits) if (!has.has(id)) throw new Error(`movie ${id} has edits but is not in the catalogue`)
  return edits
}

// not out yet on the catalogue's first day; the revenue is known from the fourth on
function lateRelease({ id, revenue }, days) {
  return [
    { date: days[0], id, set: { status: 'Post Production', revenue: 0 } },
    { date: days[1], id, set: { status: 'Released' } },
    { date: days[3], id, set: { revenue } },
  ]
}

function retitled({ archive, details, snapshots }, days, has) {
  const changed = [...details.values()].filter(
    (m) => has.has(m.id) && !snapshots[0].has(m.id) && archive.has(m.id) && archive.get(m.id).title !== m.title,
  )
  return changed.map((m, at) => ({ date: days[2 + at], id: m.id, set: { title: m.title } }))
}

// the archive's older revenue until the day of the correction
function corrected(movies, { archive, details, snapshots }, days) {
  const found = movies.filter(({ id }) => {
    const gap = Math.abs((archive.get(id)?.revenue ?? 0) - (details.get(id)?.revenue ?? 0))
    return archive.has(id) && details.has(id) && !snapshots[0].has(id) && gap > 1e6 && gap < 20e6
  })
  return found.slice(0, 4).flatMap(({ id }, at) => [
    { date: days[0], id, set: { revenue: archive.get(id).revenue } },
    { date: days[1 + at], id, set: { revenue: details.get(id).revenue } },
  ])
}
