/** Why a body is no movie payload, by the name under which it is counted. */
export type PayloadFault =
  | 'not_json'
  | 'not_an_object'
  | 'success_false'
  | 'id_missing'
  | 'id_mismatch'
  | 'title_missing'
  | 'field_missing'
  | 'credits_missing'

/** What a payload must hold besides an id and a title. */
export interface PayloadRules {
  /** Top-level fields that must be there and not null. */
  readonly requiredFields: readonly string[]
  /** Whether cast and crew must be there; some archives have none. */
  readonly isCreditsRequired: boolean
}

/** A body that is a movie payload, or the first rule it breaks. */
export type PayloadCheck =
  | { readonly isMovie: true; readonly movieId: number }
  | {
      readonly isMovie: false
      readonly reason: PayloadFault
      readonly message: string
      readonly movieId?: number
      readonly tmdbStatusCode?: number
    }

type Json = Readonly<Record<string, unknown>>

/** Checks a body rule by rule, in the order their names are listed in; the first that is broken is the reason. `askedId` is the id it should be about. */
export function checkPayload(body: string, rules: PayloadRules, askedId?: number): PayloadCheck {
  let payload: unknown
  try {
    payload = JSON.parse(body)
  } catch (cause) {
    return refuse('not_json', cause instanceof Error ? cause.message : String(cause))
  }
  if (!isRecord(payload))
    return refuse(
      'not_an_object',
      `a JSON ${Array.isArray(payload) ? 'array' : payload === null ? 'null' : typeof payload}, not an object`,
    )
  if (payload['success'] === false) return errorBody(payload)
  return checkMovie(payload, rules, askedId)
}

function checkMovie(payload: Json, rules: PayloadRules, askedId: number | undefined): PayloadCheck {
  const { id, title } = payload
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id <= 0)
    return refuse('id_missing', `id is ${shown(id)}, not a positive integer`)
  if (askedId !== undefined && id !== askedId) return refuse('id_mismatch', `asked for movie ${askedId}, got ${id}`, id)
  if (typeof title !== 'string' || title.trim() === '') return refuse('title_missing', `title is ${shown(title)}`, id)
  const missing = rules.requiredFields.find((field) => payload[field] === undefined || payload[field] === null)
  if (missing !== undefined) return refuse('field_missing', `${missing} is ${shown(payload[missing])}`, id)
  if (rules.isCreditsRequired && !hasCredits(payload['credits']))
    return refuse('credits_missing', 'credits must be an object with the lists cast and crew', id)
  return { isMovie: true, movieId: id }
}

function errorBody(payload: Json): PayloadCheck {
  const { status_code: code, status_message: message } = payload
  return {
    isMovie: false,
    reason: 'success_false',
    message: typeof message === 'string' ? message : 'TMDB reports a failure without a message',
    ...(typeof code === 'number' && Number.isInteger(code) && { tmdbStatusCode: code }),
  }
}

const refuse = (reason: PayloadFault, message: string, movieId?: number): PayloadCheck => ({
  isMovie: false,
  reason,
  message,
  ...(movieId !== undefined && { movieId }),
})

const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const hasCredits = (credits: unknown): boolean =>
  isRecord(credits) && Array.isArray(credits['cast']) && Array.isArray(credits['crew'])

const shown = (value: unknown): string => (value === undefined ? 'missing' : JSON.stringify(value).slice(0, 60))
