/** An answer before it is sent: its status and the JSON value of its body. */
export interface Reply {
  readonly status: number
  readonly body: unknown
}

// source: https://developer.themoviedb.org/docs/errors
const errors = {
  permission: [401, 3, 'Authentication failed: You do not have permissions to access the service.'],
  method: [405, 4, "Invalid format: This service doesn't exist in that format."],
  invalidId: [404, 6, 'Invalid id: The pre-requisite id is invalid or not found.'],
  invalidKey: [401, 7, 'Invalid API key: You must be granted a valid key.'],
  offline: [503, 9, 'Service offline: This service is temporarily offline, try again later.'],
  suspendedKey: [401, 10, 'Suspended API key: Access to your account has been suspended, contact TMDB.'],
  internal: [500, 11, 'Internal error: Something went wrong, contact TMDB.'],
  dateRange: [422, 20, 'Invalid date range: Should be a range no longer than 14 days.'],
  page: [400, 22, 'Invalid page: Pages start at 1 and max at 500. They are expected to be an integer.'],
  date: [400, 23, 'Invalid date: Format needs to be YYYY-MM-DD.'],
  backend: [504, 24, 'Your request to the backend server timed out. Try again.'],
  rate: [429, 25, 'Your request count (#) is over the allowed limit of (40).'],
  append: [400, 27, 'Too many append to response objects: The maximum number of remote calls is 20.'],
  notFound: [404, 34, 'The resource you requested could not be found.'],
} as const

/** Errors the sample server can answer with. */
export type ErrorName = keyof typeof errors

/** TMDB's own body for an error, with its HTTP status. */
export function errorReply(name: ErrorName): Reply {
  const [status, code, message] = errors[name]
  return { status, body: { success: false, status_code: code, status_message: message } }
}

/** TMDB's body for an HTTP status; a status TMDB does not document gets the body of its internal error. */
export function replyForStatus(status: number): Reply {
  const names = Object.keys(errors) as ErrorName[]
  const preferred = status === 401 ? 'invalidKey' : status === 404 ? 'notFound' : undefined
  const name = preferred ?? names.find((candidate) => errors[candidate][0] === status) ?? 'internal'
  return { ...errorReply(name), status }
}
