/** What a path shows. */
export type Page =
  | { readonly name: 'explore' }
  | { readonly name: 'film'; readonly id: string }
  | { readonly name: 'runs' }
  | { readonly name: 'run'; readonly id: string }
  | { readonly name: 'data' }
  | { readonly name: 'table'; readonly table: string }
  | { readonly name: 'missing' }

/** The page of a path; `missing` for one that leads nowhere. */
export function pageOf(path: string): Page {
  const [first = '', second = '', third = '', ...rest] = path
    .split('/')
    .filter((part) => part !== '')
    .map(decodePart)
  if (rest.length > 0) return { name: 'missing' }
  if (first === 'data' && second !== '' && third !== '') return { name: 'table', table: `${second}.${third}` }
  if (third !== '') return { name: 'missing' }
  if (first === '') return { name: 'explore' }
  if (first === 'films' && /^\d+$/.test(second)) return { name: 'film', id: second }
  if (first === 'runs') return second === '' ? { name: 'runs' } : { name: 'run', id: second }
  return first === 'data' && second === '' ? { name: 'data' } : { name: 'missing' }
}

/** Where a table is shown: `/data/silver/movies` for `silver.movies`. */
export function tableAddress(table: string): string {
  return `/data/${table.replace('.', '/')}`
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    // a stray percent sign is no code: the part is taken as it is
    return part
  }
}
