// made once: making one takes longer than drawing a mark
const whole = new Intl.NumberFormat('en-US')
const sixDigits = new Intl.NumberFormat('en-US', { maximumFractionDigits: 6 })

/** A count with thousands: `4,788`. */
export const countText = (n: number): string => whole.format(n)

/** So many films: `1 film`, `4,788 films`. */
export const filmsText = (n: number): string => `${countText(n)} ${n === 1 ? 'film' : 'films'}`

/** An amount given in million US dollars to three digits: `$2.80B`, `$237M`, `$15.0K`. */
export const moneyText = (musd: number): string => inUnits(musd, (value) => value.toPrecision(3))

/** An amount given in million US dollars as short as it can be: `$2.8B`, `$15K`. */
export const roughMoneyText = (musd: number): string => inUnits(musd, trimmed)

/** A multiple of the budget to three digits: `7.79×`, `0.120×`, `410×`. */
export const multipleText = (ratio: number): string => `${ratio < 1000 ? ratio.toPrecision(3) : trimmed(ratio)}×`

/** A multiple of the budget as short as it can be: `2×`. */
export const roughMultipleText = (ratio: number): string => `${trimmed(ratio)}×`

/** A number to three digits, without zeros at the end: `95.1`, `0.004`, `1,230`. */
export const numberText = (value: number): string => trimmed(value)

/** A change with its sign: `+12.3`, `−0.4`. */
export const changeText = (change: number): string => `${change < 0 ? '−' : '+'}${trimmed(Math.abs(change))}`

/** A day in words: `9 Dec 2025`. */
export function dayText(day: string): string {
  const at = new Date(`${day}T00:00:00Z`)
  return `${at.getUTCDate()} ${monthNames[at.getUTCMonth()] ?? ''} ${at.getUTCFullYear()}`
}

/** January to December in three letters. */
export const monthNames: readonly string[] = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

const trimmed = (value: number): string => sixDigits.format(Number(value.toPrecision(3)))

function inUnits(musd: number, digits: (value: number) => string): string {
  const sign = musd < 0 ? '−' : ''
  // 999.6 million to three digits are a billion
  const usd = Number((Math.abs(musd) * 1e6).toPrecision(3))
  if (usd >= 1e12) return `${sign}$${digits(usd / 1e12)}T`
  if (usd >= 1e9) return `${sign}$${digits(usd / 1e9)}B`
  if (usd >= 1e6) return `${sign}$${digits(usd / 1e6)}M`
  if (usd >= 1e3) return `${sign}$${digits(usd / 1e3)}K`
  return `${sign}$${trimmed(usd)}`
}
