const assignment = [
  299534, 19995, 140607, 299536, 597, 135397, 420818, 24428, 168259, 99861, 284054, 12445, 181808, 330457, 351286,
  109445, 321612, 260513,
]

/** Collections of films whose archived answers predate the field; ids and names as TMDB has them. */
export const knownCollections = [
  { id: 10, name: 'Star Wars Collection', movies: [11, 1891, 1892, 1893, 1894, 1895] },
  { id: 84, name: 'Indiana Jones Collection', movies: [85, 87, 89, 217] },
  { id: 119, name: 'The Lord of the Rings Collection', movies: [120, 121, 122] },
  { id: 230, name: 'The Godfather Collection', movies: [238, 240, 242] },
  { id: 263, name: 'The Dark Knight Collection', movies: [272, 155, 49026] },
  { id: 264, name: 'Back to the Future Collection', movies: [105, 165, 196] },
  { id: 295, name: 'Pirates of the Caribbean Collection', movies: [22, 58, 285, 1865] },
  { id: 328, name: 'Jurassic Park Collection', movies: [329, 330, 331] },
  { id: 528, name: 'The Terminator Collection', movies: [218, 280, 296, 534] },
  { id: 1241, name: 'Harry Potter Collection', movies: [671, 672, 673, 674, 675, 767] },
  { id: 1570, name: 'Die Hard Collection', movies: [562, 1571, 1572, 1573, 47964] },
  { id: 2344, name: 'The Matrix Collection', movies: [603, 604, 605] },
  { id: 2883, name: 'Kill Bill Collection', movies: [24, 393] },
  { id: 8091, name: 'Alien Collection', movies: [348, 679, 8077, 8078] },
  { id: 10194, name: 'Toy Story Collection', movies: [862, 863, 10193] },
]

const searched = ['Bruce Willis', 'Uma Thurman']

/**
 * The films of the catalogue, ordered by id: those of the assignment whole, and others with a shorter cast and crew,
 * so that every chart, search, ranking and oddity of the data has something to show.
 */
export function selectMovies({ archive, details }) {
  const chosen = new Set(assignment)
  const take = (movies, count = Infinity) => {
    for (const { id } of movies.filter((m) => !chosen.has(m.id)).slice(0, count)) chosen.add(id)
  }
  const all = [...archive.values()].sort((a, b) => b.vote_count - a.vote_count || a.id - b.id)
  take(all.filter((m) => details.get(m.id)?.belongs_to_collection))
  take(
    all.filter((m) => details.has(m.id)),
    8,
  )
  take(all.filter((m) => knownCollections.some((c) => c.movies.includes(m.id))))
  takeForSearches(all, take)
  takeForKpis(all, take)
  takeForOddities(all, take)
  takeForCoverage(all, take)
  takeRecent(details, take)
  take(all, Math.max(0, 400 - chosen.size))
  return [...chosen]
    .sort((a, b) => a - b)
    .map((id) =>
      assignment.includes(id)
        ? { id, castLimit: Infinity, crewLimit: Infinity, kept: [] }
        : { id, castLimit: 15, crewLimit: 7, kept: searched },
    )
}

function takeForSearches(all, take) {
  const hasGenres = (m, ...names) => names.every((name) => m.genres.some((g) => g.name === name))
  const hasCast = (m, name) => m.credits.cast.some((c) => c.name === name)
  take(all.filter((m) => hasCast(m, 'Bruce Willis') && hasGenres(m, 'Science Fiction', 'Action')))
  take(all.filter((m) => hasCast(m, 'Uma Thurman') && directors(m).includes('Quentin Tarantino')))
  take(
    all.filter((m) => hasCast(m, 'Bruce Willis')),
    4,
  )
  for (const name of [
    'Quentin Tarantino',
    'Steven Spielberg',
    'Christopher Nolan',
    'Martin Scorsese',
    'Hayao Miyazaki',
  ]) {
    take(
      all.filter((m) => directors(m).includes(name)),
      6,
    )
  }
}

function takeForKpis(all, take) {
  const withMoney = all.filter((m) => m.budget >= 10e6 && m.revenue > 0)
  take(
    [...withMoney].sort((a, b) => a.revenue - a.budget - (b.revenue - b.budget)),
    10,
  )
  take(
    [...withMoney].sort((a, b) => b.revenue / b.budget - a.revenue / a.budget),
    8,
  )
  take(
    [...withMoney].sort((a, b) => a.revenue / a.budget - b.revenue / b.budget),
    6,
  )
  const rated = all.filter((m) => m.vote_count >= 10)
  take(
    [...rated].sort((a, b) => a.vote_average - b.vote_average),
    6,
  )
  take(
    [...rated].filter((m) => m.vote_count > 500).sort((a, b) => b.vote_average - a.vote_average),
    8,
  )
  take(
    all.filter((m) => directors(m).length > 1),
    10,
  )
  const revenues = groupBy(all, (m) => m.revenue)
  const ties = [...revenues].filter(([revenue, movies]) => revenue > 50e6 && movies.length > 1)
  for (const [, movies] of ties.sort((a, b) => b[0] - a[0]).slice(0, 4)) take(movies, 2)
}

function takeForOddities(all, take) {
  take(all.filter((m) => m.status !== 'Released'))
  take(all.filter((m) => ['The Host', 'Batman', 'Out of the Blue'].includes(m.title)))
  take(
    all.filter((m) => m.budget > 0 && m.budget < 1000),
    4,
  )
  take(
    all.filter((m) => m.budget === 0 && m.revenue === 0),
    5,
  )
  take(
    all.filter((m) => m.budget === 0 && m.revenue > 0),
    3,
  )
  take(
    all.filter((m) => m.vote_count === 0 && m.status === 'Released'),
    2,
  )
  take(
    all.filter((m) => (m.runtime ?? 0) === 0 && m.status === 'Released'),
    2,
  )
}

function takeForCoverage(all, take) {
  const genres = [...new Set(all.flatMap((m) => m.genres.map((g) => g.name)))]
    .filter((name) => name !== 'Foreign')
    .sort()
  for (const genre of genres)
    take(
      all.filter((m) => m.genres.some((g) => g.name === genre)),
      3,
    )
  for (let decade = 191; decade <= 196; decade++)
    take(
      all.filter((m) => m.release_date?.startsWith(`${decade}`)),
      4,
    )
  const languages = [...new Set(all.map((m) => m.original_language))].filter((code) => code !== 'en').sort()
  for (const language of languages)
    take(
      all.filter((m) => m.original_language === language),
      2,
    )
}

// films after the archive's time have no credits here: the details came without
function takeRecent(details, take) {
  const recent = [...details.values()]
    .filter((m) => m.release_date >= '2018' && m.vote_count >= 500)
    .sort((a, b) => b.vote_count - a.vote_count || a.id - b.id)
  take(recent.filter((m) => m.release_date >= '2025-12'))
  take(
    recent.filter((m) => m.original_language !== 'en'),
    6,
  )
  take(
    recent.filter((m) => m.belongs_to_collection),
    8,
  )
  take(recent, 8)
}

function directors(movie) {
  return movie.credits.crew.filter((c) => c.job === 'Director').map((c) => c.name)
}

function groupBy(rows, keyOf) {
  const groups = new Map()
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row])
  return groups
}
