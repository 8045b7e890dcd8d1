import {
  arrayJoin,
  length,
  lit,
  nullif,
  regexpReplace,
  size,
  trim,
  when,
  type ArrayOf,
  type Column,
  type Kind,
  type KindOf,
} from '../frame/index.ts'

type Text = Column<'string' | null, Kind>

/** A function that trims text and answers null for empty text and for the texts that mean nothing was entered, in any case. */
export function cleaner(nullTexts: readonly string[]): <C extends Text>(text: C) => Column<'string' | null, KindOf<C>> {
  const longest = Math.max(0, ...nullTexts.map((text) => text.trim().length))
  const pattern = `(?i)\\A(${alternatives(nullTexts)})\\z`
  // longer text cannot be one of them: the regular expression is kept off the bulk
  return (text) =>
    when(length(trim(text)).gt(longest), trim(text)).otherwise(nullif(regexpReplace(trim(text), pattern, ''), ''))
}

/** A function that answers whether each text of a list is there and as the cleaner would leave it; null for no list. */
export function cleanChecker(
  nullTexts: readonly string[],
): (texts: Column<ArrayOf<'string' | null> | null>) => Column<'boolean' | null> {
  // a text with a line break is taken for several: that can make it look unclean, but never clean
  const unclean = `(?i)(\\A|\\n)( |(${alternatives(nullTexts)})?(\\n|\\z))| (\\n|\\z)`
  return (texts) => arrayJoin(texts, '\n', '').rlike(unclean).not()
}

/** A regular expression for these texts. */
const alternatives = (texts: readonly string[]): string =>
  texts.map((text) => text.trim().replaceAll(/[\\^$.|?*+()[\]{}]/g, '\\$&')).join('|')

/** Trimmed text, null when it is empty. */
export const trimmed = <C extends Text>(text: C): Column<'string' | null, KindOf<C>> => nullif(trim(text), '')

/** The number, null for 0 and below: TMDB sends 0 for unknown. */
export const positive = <C extends Column<'bigint' | null> | Column<'int' | null>>(number: C) =>
  when(number.gt(0), number)

/** US dollars as millions of them, not rounded; null for 0 and below. */
export const millions = (usd: Column<'bigint' | null>): Column<'double' | null> => positive(usd).divide(1e6)

/** How many of the columns are filled. Empty text and empty arrays are not. */
export const filledCount = (...columns: readonly Column<unknown>[]): Column<'int'> =>
  columns.map((column) => when(isFilled(column), lit(1, 'int')).otherwise(0)).reduce((total, one) => total.plus(one))

const isFilled = (column: Column<unknown>): Column<'boolean' | null> =>
  typeof column.type === 'object' ? size(column as Column<ArrayOf<unknown> | null>).gt(0) : column.isNotNull()
