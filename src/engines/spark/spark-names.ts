const piece =
  /'(?:[^'\\]|\\.)*'|--[^\n]*|\/\*[^]*?\*\/|(?:[A-Za-z_]\w*|`(?:[^`]|``)*`|"(?:[^"]|"")*")\s*\.\s*(?:[A-Za-z_]\w*|`(?:[^`]|``)*`|"(?:[^"]|"")*")/gs

/** SQL of a person with other names for the tables in it: `silver.movies` as they write it, in whatever case and quotes, outside of texts and comments. */
export const withNames = (sql: string, names: ReadonlyMap<string, string>): string =>
  sql.replaceAll(piece, (found) => {
    const [schema = '', table = ''] = found.split(/\s*\.\s*/)
    return names.get(`${bare(schema)}.${bare(table)}`) ?? found
  })

const bare = (name: string): string => name.replace(/^[`"](.*)[`"]$/s, '$1').toLowerCase()
