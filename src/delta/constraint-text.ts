/** A piece of an SQL expression. `text` is a string's content, a name without its quotes, a number's digits. */
export interface Token {
  readonly kind: 'name' | 'quotedName' | 'text' | 'number' | 'symbol'
  readonly text: string
}

const forms: readonly (readonly [kind: Token['kind'] | 'space', form: RegExp])[] = [
  ['space', /^\s+/],
  ['name', /^[A-Za-z_][A-Za-z0-9_]*/],
  ['quotedName', /^`(?:[^`]|``)+`/],
  // Spark takes both quotes for text, and a backslash for an escape that is not understood here
  ['text', /^'[^'\\]*'|^"[^"\\]*"/],
  ['number', /^\d+(?:\.\d+)?(?![A-Za-z0-9_.])/],
  ['symbol', /^(?:<=>|<>|<=|>=|!=|==|[-+*(),.<>=!])/],
]

/** The pieces of an SQL expression as Spark writes it; undefined when it has one that is not understood. */
export function tokenize(sql: string): readonly Token[] | undefined {
  if (/--|\/\*/.test(sql)) return undefined
  const tokens: Token[] = []
  for (let rest = sql; rest !== '';) {
    const found = forms.flatMap(([kind, form]) => {
      const match = form.exec(rest)?.[0]
      return match === undefined ? [] : [{ kind, match }]
    })[0]
    if (found === undefined) return undefined
    rest = rest.slice(found.match.length)
    if (found.kind === 'space') continue
    // two texts in a row are one in Spark, with or without the quote between them
    if (found.kind === 'text' && tokens.at(-1)?.kind === 'text') return undefined
    tokens.push({ kind: found.kind, text: contentOf(found.kind, found.match) })
  }
  return tokens
}

function contentOf(kind: Token['kind'], text: string): string {
  if (kind === 'text') return text.slice(1, -1)
  return kind === 'quotedName' ? text.slice(1, -1).replaceAll('``', '`') : text
}
