import { tokenize, type Token } from './constraint-text.ts'
import type { DeltaField, DeltaType } from './schema.ts'

/** What a value is compared as. Types that nothing is compared with are `other`. */
export type Kind = 'boolean' | 'integer' | 'decimal' | 'floating' | 'string' | 'date' | 'other'

/** A condition on a row, as engines that mean the same by it understand it. Each node knows what its value is. */
export type Expression =
  | { readonly node: 'column'; readonly kind: Kind; readonly path: readonly string[] }
  | { readonly node: 'literal'; readonly kind: Kind; readonly text: string }
  | { readonly node: 'isNull'; readonly kind: 'boolean'; readonly of: Expression }
  | { readonly node: 'not'; readonly kind: 'boolean'; readonly of: Expression }
  | { readonly node: 'length'; readonly kind: 'integer'; readonly of: Expression }
  | {
      readonly node: 'binary'
      readonly kind: Kind
      readonly operator: 'AND' | 'OR' | '=' | '<>' | '<' | '<=' | '>' | '>=' | '<=>' | '+' | '-' | '*' | 'LIKE'
      readonly left: Expression
      readonly right: Expression
    }

/**
 * The meaning of a condition that Spark's SQL writes about the columns; undefined where another engine could mean something else by it, or
 * where it is not understood: functions but `length`, casts, division, times, text with escapes.
 */
export function parseCondition(sql: string, schema: readonly DeltaField[]): Expression | undefined {
  const tokens = tokenize(sql)
  if (tokens === undefined) return undefined
  try {
    const parser = new Parser(tokens, schema)
    const expression = parser.disjunction()
    return parser.isAtEnd && expression.kind === 'boolean' ? expression : undefined
  } catch (error) {
    if (error instanceof NotUnderstood) return undefined
    throw error
  }
}

/** The columns, and the fields in them, that a condition is about. */
export function columnsIn(expression: Expression): readonly (readonly string[])[] {
  if (expression.node === 'column') return [expression.path]
  if (expression.node === 'literal') return []
  return expression.node === 'binary'
    ? [...columnsIn(expression.left), ...columnsIn(expression.right)]
    : columnsIn(expression.of)
}

class NotUnderstood extends Error {}

const comparisons: Readonly<Record<string, '=' | '<>' | '<' | '<=' | '>' | '>=' | '<=>'>> = {
  '=': '=',
  '==': '=',
  '<>': '<>',
  '!=': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  '<=>': '<=>',
}
const reserved = ['AND', 'OR', 'NOT', 'IS', 'IN', 'BETWEEN', 'LIKE', 'NULL', 'CASE', 'CAST', 'INTERVAL']

class Parser {
  readonly #tokens: readonly Token[]
  readonly #schema: readonly DeltaField[]
  #at = 0

  constructor(tokens: readonly Token[], schema: readonly DeltaField[]) {
    this.#tokens = tokens
    this.#schema = schema
  }

  get isAtEnd(): boolean {
    return this.#at === this.#tokens.length
  }

  disjunction(): Expression {
    let left = this.#conjunction()
    while (this.#takeWord('OR')) left = logical('OR', left, this.#conjunction())
    return left
  }

  #conjunction(): Expression {
    let left = this.#negation()
    while (this.#takeWord('AND')) left = logical('AND', left, this.#negation())
    return left
  }

  #negation(): Expression {
    if (!this.#takeWord('NOT') && !this.#takeSymbol('!')) return this.#predicate()
    return not(this.#negation())
  }

  #predicate(): Expression {
    const left = this.#sum()
    if (this.#takeWord('IS')) {
      const isNot = this.#takeWord('NOT')
      if (!this.#takeWord('NULL')) throw new NotUnderstood()
      const isNull: Expression = { node: 'isNull', kind: 'boolean', of: left }
      return isNot ? not(isNull) : isNull
    }
    const isNot = this.#takeWord('NOT')
    const found = this.#membership(left)
    if (found !== undefined) return isNot ? not(found) : found
    const operator = isNot ? undefined : comparisons[this.#symbol() ?? '']
    if (operator === undefined && !isNot) return left
    if (operator === undefined) throw new NotUnderstood()
    this.#at += 1
    return compared(operator, left, this.#sum())
  }

  /** What follows a value as `BETWEEN`, `IN` or `LIKE`. */
  #membership(left: Expression): Expression | undefined {
    if (this.#takeWord('BETWEEN')) {
      const low = compared('>=', left, this.#sum())
      if (!this.#takeWord('AND')) throw new NotUnderstood()
      return logical('AND', low, compared('<=', left, this.#sum()))
    }
    if (this.#takeWord('IN')) {
      this.#expect('(')
      let any = compared('=', left, this.#sum())
      while (this.#takeSymbol(',')) any = logical('OR', any, compared('=', left, this.#sum()))
      this.#expect(')')
      return any
    }
    if (!this.#takeWord('LIKE')) return undefined
    const right = this.#sum()
    if (left.kind !== 'string' || right.node !== 'literal' || right.kind !== 'string') throw new NotUnderstood()
    return { node: 'binary', kind: 'boolean', operator: 'LIKE', left, right }
  }

  #sum(): Expression {
    let left = this.#product()
    for (;;) {
      const operator = this.#takeSymbol('+') ? '+' : this.#takeSymbol('-') ? '-' : undefined
      if (operator === undefined) return left
      left = arithmetic(operator, left, this.#product())
    }
  }

  #product(): Expression {
    let left = this.#value()
    while (this.#takeSymbol('*')) left = arithmetic('*', left, this.#value())
    return left
  }

  #value(): Expression {
    if (this.#takeSymbol('(')) {
      const inner = this.disjunction()
      this.#expect(')')
      return inner
    }
    const isNegative = this.#takeSymbol('-')
    const token = this.#tokens[this.#at]
    if (token === undefined) throw new NotUnderstood()
    this.#at += 1
    if (token.kind === 'number') return numberOf(`${isNegative ? '-' : ''}${token.text}`)
    if (isNegative) throw new NotUnderstood()
    if (token.kind === 'text') return { node: 'literal', kind: 'string', text: token.text }
    if (token.kind === 'symbol') throw new NotUnderstood()
    return this.#named(token)
  }

  /** A column, or a word that begins something else. */
  #named(token: Token): Expression {
    const word = token.kind === 'name' ? token.text.toUpperCase() : ''
    if (word === 'TRUE' || word === 'FALSE') return { node: 'literal', kind: 'boolean', text: word.toLowerCase() }
    if (reserved.includes(word)) throw new NotUnderstood()
    const next = this.#tokens[this.#at]
    if (word === 'DATE' && next?.kind === 'text') {
      this.#at += 1
      return dateOf(next.text)
    }
    if (this.#symbol() === '(') return this.#length(word)
    const path = [token.text]
    while (this.#takeSymbol('.')) {
      const inner = this.#tokens[this.#at]
      if (inner?.kind !== 'name' && inner?.kind !== 'quotedName') throw new NotUnderstood()
      this.#at += 1
      path.push(inner.text)
    }
    return columnOf(path, this.#schema)
  }

  #length(word: string): Expression {
    if (!['LENGTH', 'LEN', 'CHAR_LENGTH', 'CHARACTER_LENGTH'].includes(word)) throw new NotUnderstood()
    this.#expect('(')
    const of = this.#sum()
    this.#expect(')')
    if (of.kind !== 'string') throw new NotUnderstood()
    return { node: 'length', kind: 'integer', of }
  }

  #symbol(): string | undefined {
    const token = this.#tokens[this.#at]
    return token?.kind === 'symbol' ? token.text : undefined
  }

  #takeSymbol(symbol: string): boolean {
    if (this.#symbol() !== symbol) return false
    this.#at += 1
    return true
  }

  #takeWord(word: string): boolean {
    const token = this.#tokens[this.#at]
    if (token?.kind !== 'name' || token.text.toUpperCase() !== word) return false
    this.#at += 1
    return true
  }

  #expect(symbol: string): void {
    if (!this.#takeSymbol(symbol)) throw new NotUnderstood()
  }
}

const not = (of: Expression): Expression => {
  if (of.kind !== 'boolean') throw new NotUnderstood()
  return { node: 'not', kind: 'boolean', of }
}

function logical(operator: 'AND' | 'OR', left: Expression, right: Expression): Expression {
  if (left.kind !== 'boolean' || right.kind !== 'boolean') throw new NotUnderstood()
  return { node: 'binary', kind: 'boolean', operator, left, right }
}

const numbers: readonly Kind[] = ['integer', 'decimal', 'floating']

function compared(operator: '=' | '<>' | '<' | '<=' | '>' | '>=' | '<=>', a: Expression, b: Expression): Expression {
  const [left, right] = [asDateBeside(a, b), asDateBeside(b, a)]
  const areNumbers = numbers.includes(left.kind) && numbers.includes(right.kind)
  if (left.kind === 'other' || (left.kind !== right.kind && !areNumbers)) throw new NotUnderstood()
  return { node: 'binary', kind: 'boolean', operator, left, right }
}

/** A text beside a date is one. */
const asDateBeside = (value: Expression, other: Expression): Expression =>
  value.node === 'literal' && value.kind === 'string' && other.kind === 'date' ? dateOf(value.text) : value

// engines round and overflow decimals each in their own way
function arithmetic(operator: '+' | '-' | '*', left: Expression, right: Expression): Expression {
  if (left.kind !== right.kind || (left.kind !== 'integer' && left.kind !== 'floating')) throw new NotUnderstood()
  return { node: 'binary', kind: left.kind, operator, left, right }
}

function numberOf(text: string): Expression {
  if (text.replace(/\D/g, '').length > 18) throw new NotUnderstood()
  return { node: 'literal', kind: text.includes('.') ? 'decimal' : 'integer', text }
}

function dateOf(text: string): Expression {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(Date.parse(text))) throw new NotUnderstood()
  return { node: 'literal', kind: 'date', text }
}

/** The column of a path, without regard to case. */
function columnOf(path: readonly string[], schema: readonly DeltaField[]): Expression {
  const names: string[] = []
  let type: DeltaType = { type: 'struct', fields: schema }
  for (const name of path) {
    if (typeof type === 'string' || type.type !== 'struct') throw new NotUnderstood()
    const field: DeltaField | undefined = type.fields.find((one) => one.name.toLowerCase() === name.toLowerCase())
    if (field === undefined) throw new NotUnderstood()
    names.push(field.name)
    type = field.type
  }
  return { node: 'column', kind: kindOf(type), path: names }
}

const kinds: Readonly<Record<string, Kind>> = {
  boolean: 'boolean',
  byte: 'integer',
  short: 'integer',
  integer: 'integer',
  long: 'integer',
  float: 'floating',
  double: 'floating',
  string: 'string',
  date: 'date',
}

function kindOf(type: DeltaType): Kind {
  if (typeof type !== 'string') return 'other'
  return kinds[type] ?? (type.startsWith('decimal') ? 'decimal' : 'other')
}
