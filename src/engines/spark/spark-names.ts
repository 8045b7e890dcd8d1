const name = /(?:[A-Za-z_]\w*|`(?:[^`]|``)*`|"(?:[^"]|"")*")/
const piece = new RegExp(`'(?:[^'\\\\]|\\\\.)*'|--[^\\n]*|/\\*[^]*?\\*/|${name.source}\\s*\\.\\s*${name.source}`, 'gs')
// what may follow a table in place of an alias
const noAlias =
  /^(where|on|using|join|inner|left|right|full|outer|cross|semi|anti|natural|lateral|group|order|having|limit|offset|union|except|minus|intersect|window|tablesample|pivot|unpivot|sort|cluster|distribute|qualify|version|timestamp|for)$/i

/**
 * SQL of a person with other names for the tables in it: `silver.movies` as they write it, in whatever case and quotes, outside of texts and comments.
 * Where it is read from without an alias it gets its own, so that `movies.title` means something.
 */
export const withNames = (sql: string, names: ReadonlyMap<string, string>): string =>
  sql.replaceAll(piece, (found, at: number) => {
    const [schema = '', table = ''] = found.split(/\s*\.\s*/)
    const known = names.get(`${bare(schema)}.${bare(table)}`)
    if (known === undefined) return found
    const [before, after] = [sql.slice(0, at), sql.slice(at + found.length)]
    // silver.movies.title
    if (/^\s*\./.test(after)) return table
    const [, next = ''] = /^\s*(\w+|[`"])?/.exec(after) ?? []
    const isReadFrom = /(\b(from|join)|,)\s*$/i.test(before)
    return isReadFrom && (next === '' || noAlias.test(next)) ? `${known} AS ${table}` : known
  })

const bare = (text: string): string => text.replace(/^[`"](.*)[`"]$/s, '$1').toLowerCase()
