// movies that never were, in the shape of TMDB's answer to /movie/{id}?append_to_response=credits

const PEOPLE = 300_000
const COMPANIES = 12_000
const COLLECTIONS = 9_000

const genres = {
  28: 'Action', 12: 'Adventure', 16: 'Animation', 35: 'Comedy', 80: 'Crime', 99: 'Documentary', 18: 'Drama', 10751: 'Family', 14: 'Fantasy',
  36: 'History', 27: 'Horror', 10402: 'Music', 9648: 'Mystery', 10749: 'Romance', 878: 'Science Fiction', 53: 'Thriller', 10752: 'War', 37: 'Western',
} // prettier-ignore
const countries = { US: 'United States of America', GB: 'United Kingdom', FR: 'France', DE: 'Germany', GH: 'Ghana', IN: 'India', JP: 'Japan', KR: 'South Korea', BR: 'Brazil', NG: 'Nigeria' } // prettier-ignore
const languages = [['en', 'English', 'English'], ['fr', 'French', 'Français'], ['de', 'German', 'Deutsch'], ['hi', 'Hindi', 'हिन्दी'], ['ja', 'Japanese', '日本語'], ['ko', 'Korean', '한국어/조선말'], ['pt', 'Portuguese', 'Português'], ['ha', 'Hausa', '']] // prettier-ignore
const jobs = [['Production', 'Producer'], ['Production', 'Executive Producer'], ['Production', 'Casting'], ['Writing', 'Screenplay'], ['Writing', 'Story'], ['Editing', 'Editor'], ['Camera', 'Director of Photography'], ['Sound', 'Original Music Composer'], ['Sound', 'Foley Artist'], ['Art', 'Production Design'], ['Costume & Make-Up', 'Costume Design'], ['Visual Effects', 'Visual Effects Supervisor'], ['Crew', 'Stunts']] // prettier-ignore
const words = 'amber anchor autumn beacon bitter bridge canyon cinder cobalt coral crossing crown distant ember feather ferry flint forest garnet ghost glacier granite harbour harvest hollow island ivory juniper lantern lagoon marble meadow midnight mirror monsoon orchard paper pilgrim prairie quarry quiet raven ribbon saffron shadow silver sparrow station summer thunder timber valley velvet violet voyage willow winter'.split(' ') // prettier-ignore
const firstNames = 'Abena Adjoa Aiko Amara André Anna Boris Camille Chen Dagny Efua Elif Farid Greta Hiro Ines Ivan João Kofi Kwame Lars Leila María Mei Nana Noor Olga Paulo Priya Rosa Søren Tariq Uma Wei Yaw Zoë'.split(' ') // prettier-ignore
const lastNames = 'Adomako Asante Berg Boateng Castro Diallo Dubois Eriksen Fischer Gupta Haddad Ito Jensen Kaya Kim Kuznetsov Larsen Mensah Moreau Müller Novak Okafor Owusu Park Pereira Petrov Quaye Rossi Sato Schröder Silva Tanaka Varga Wang Yeboah Zhang'.split(' ') // prettier-ignore
const fillers = 'a an and at before by for from in into of on over the through to under with'.split(' ')
const proseWords = [...words, ...fillers, ...fillers]
const hexWords = Array.from({ length: 65_536 }, (_, number) => number.toString(16).padStart(4, '0'))
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/**
 * The body for movie `id`, one line. The same id and edition give the same body; another edition of a movie differs in popularity and votes, one in ten
 * also in revenue and cast.
 */
export function answerOf(id, edition = 0) {
  const random = randomOf(id)
  const ofEdition = randomOf(id, edition + 1)
  const title = titleOf(random)
  const language = random.oneOf(languages)
  const hasMoney = random.chance(0.65)
  const isReworked = edition > 0 && ofEdition.chance(0.1)
  const cast = Array.from({ length: random.between(10, 30) }, (_, order) => castMember(random, order))
  const movie = {
    adult: false,
    backdrop_path: image(random),
    belongs_to_collection: random.chance(0.18) ? collection(random.below(COLLECTIONS)) : null,
    budget: hasMoney ? random.between(1, 250_000) * 1000 : 0,
    genres: random
      .someOf(Object.entries(genres), random.between(0, 4))
      .map(([key, name]) => ({ id: Number(key), name })),
    homepage: random.chance(0.3) ? `https://www.${random.oneOf(words)}-${random.oneOf(words)}.example` : '',
    id,
    imdb_id: random.chance(0.95) ? `tt${String(1_000_000 + id).padStart(8, '0')}` : null,
    origin_country: [random.oneOf(Object.keys(countries))],
    original_language: language[0],
    original_title: title,
    overview: `${sentence(random, random.between(30, 90))} "${sentence(random, 5)}" — ${sentence(random, 8)}`,
    popularity: ofEdition.below(400_000) / 1000,
    poster_path: random.chance(0.95) ? image(random) : null,
    production_companies: random.someOf(companyIds, random.between(0, 5)).map(company),
    production_countries: random
      .someOf(Object.entries(countries), random.between(1, 3))
      .map(([iso_3166_1, name]) => ({ iso_3166_1, name })),
    release_date: random.chance(0.02)
      ? ''
      : new Date(Date.UTC(1950, 0, 1 + random.below(27_700))).toISOString().slice(0, 10),
    revenue: hasMoney ? random.below(900_000_000) + (isReworked ? 1_700_000 : 0) : 0,
    runtime: random.between(0, 210),
    spoken_languages: random
      .someOf(languages, random.between(1, 3))
      .map(([iso_639_1, english_name, name]) => ({ english_name, iso_639_1, name })),
    status: random.chance(0.95) ? 'Released' : random.oneOf(['Rumored', 'Planned', 'In Production', 'Post Production']),
    tagline: random.chance(0.6) ? sentence(random, random.between(4, 9)) : '',
    title,
    video: false,
    vote_average: ofEdition.below(10_000) / 1000,
    vote_count: Math.floor(30_000 * ofEdition.next() ** 3),
    credits: {
      cast: isReworked ? cast.slice(1) : cast,
      crew: [
        crewMember(random, 'Directing', 'Director'),
        ...Array.from({ length: random.between(8, 22) }, () => crewMember(random, ...random.oneOf(jobs))),
      ],
    },
  }
  return JSON.stringify(movie)
}

const companyIds = Array.from({ length: COMPANIES }, (_, index) => index)
const people = new Map()

function castMember(random, order) {
  return {
    ...person(random),
    cast_id: order + 1,
    character: `${capital(random.oneOf(words))} ${random.oneOf(lastNames)}${random.chance(0.1) ? ' (voice)' : ''}`,
    credit_id: random.hex(24),
    order,
  }
}

function crewMember(random, department, job) {
  return { ...person(random), credit_id: random.hex(24), department, job }
}

/** Somebody who may be in many films: low numbers are drawn far more often than high ones. */
function person(random) {
  const number = Math.floor(PEOPLE * random.next() ** 2)
  let known = people.get(number)
  if (known === undefined) {
    const own = randomOf(number, 'person')
    const name = `${own.oneOf(firstNames)} ${own.oneOf(lastNames)}${own.chance(0.3) ? `-${own.oneOf(lastNames)}` : ''}`
    known = { adult: false, gender: own.below(4), id: 1000 + number * 3, known_for_department: own.chance(0.6) ? 'Acting' : own.oneOf(jobs)[0], name, original_name: name, popularity: own.below(30_000) / 1000, profile_path: own.chance(0.8) ? image(own) : null } // prettier-ignore
    people.set(number, known)
  }
  return known
}

function company(number) {
  const own = randomOf(number, 'company')
  return {
    id: 100 + number,
    logo_path: own.chance(0.6) ? image(own) : null,
    name: `${capital(own.oneOf(words))} ${capital(own.oneOf(words))} Pictures`,
    origin_country: own.oneOf(Object.keys(countries)),
  }
}

function collection(number) {
  const own = randomOf(number, 'collection')
  return {
    id: 100_000 + number,
    name: `${titleOf(own)} Collection`,
    poster_path: image(own),
    backdrop_path: own.chance(0.7) ? image(own) : null,
  }
}

function titleOf(random) {
  return Array.from({ length: random.between(1, 4) }, () => capital(random.oneOf(words))).join(' ')
}

function sentence(random, length) {
  let text = capital(random.oneOf(words))
  for (let at = 1; at < length; at++) text += ` ${random.oneOf(proseWords)}`
  return `${text}.`
}

function image(random) {
  return `/${random.letters(27)}.jpg`
}

function capital(text) {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

/** A stream of random numbers that is the same for the same seeds. Source: mulberry32, public domain. */
export function randomOf(...seeds) {
  let state = 0x9e3779b9
  for (const character of seeds.join('/'))
    state = Math.imul(state ^ character.codePointAt(0), 0x85ebca6b) ^ (state >>> 13)
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (end) => Math.floor(next() * end)
  return {
    next,
    below,
    between: (first, last) => first + below(last - first + 1),
    chance: (share) => next() < share,
    oneOf: (list) => list[below(list.length)],
    /** Up to `count` different ones. */
    someOf: (list, count) => [...new Set(Array.from({ length: count }, () => list[below(list.length)]))],
    hex(length) {
      let text = ''
      while (text.length < length) text += hexWords[below(65_536)]
      return text
    },
    letters(length) {
      let text = ''
      while (text.length < length) {
        // one draw is good for five letters of 62
        for (let rest = below(62 ** 5), left = 5; left > 0; left--, rest = Math.floor(rest / 62))
          text += letters[rest % 62]
      }
      return text.slice(0, length)
    },
  }
}
