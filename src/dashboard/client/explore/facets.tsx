import { useState } from 'preact/hooks'
import type { FacetsAnswer, FacetValue } from '../../api-types.ts'
import { Popover } from '../parts/popover.tsx'
import { api, withQuery } from '../state/api.ts'
import { type FilterName, isFiltered, toggled, withFilter } from '../state/filters.ts'
import { formatCount, formatLanguage } from '../state/format.ts'
import { go } from '../state/place.ts'
import { useAnswer } from '../state/use-answer.ts'

/** The bar to filter by: genre, language, country, years, rating, votes, franchise. */
export function Facets({ query }: { readonly query: URLSearchParams }) {
  const { value } = useAnswer(api.facets())
  return (
    <div class="facets" role="group" aria-label="Filter films">
      <ManyValued name="genre" label="Genre" values={value} query={query} />
      <ManyValued name="language" label="Language" values={value} query={query} describe={formatLanguage} />
      <ManyValued name="country" label="Country" values={value} query={query} />
      <RangeFacet name="years" label="Years" query={query} min={1870} max={2100} step={1} />
      <RangeFacet name="rating" label="Rating" query={query} min={0} max={10} step={0.1} />
      <RangeFacet name="votes" label="Votes" query={query} min={0} max={999_999_999} step={1} />
      <div class="switch" role="group" aria-label="Franchise or standalone">
        <Choice query={query} value="1" label="Franchise" />
        <Choice query={query} value="0" label="Standalone" />
      </div>
    </div>
  )
}

function Choice({
  query,
  value,
  label,
}: {
  readonly query: URLSearchParams
  readonly value: string
  readonly label: string
}) {
  const filter = { name: 'franchise', value } as const
  return (
    <button
      type="button"
      class="button"
      aria-pressed={isFiltered(query, filter)}
      onClick={() => go(withQuery('/', toggled(query, filter).toString()))}
    >
      {label}
    </button>
  )
}

interface ManyValuedProps {
  readonly name: keyof FacetsAnswer
  readonly label: string
  readonly values: FacetsAnswer | undefined
  readonly query: URLSearchParams
  readonly describe?: (value: string) => string
}

const asked = 12

function ManyValued({ name, label, values, query, describe = (value) => value }: ManyValuedProps) {
  const [text, setText] = useState('')
  const chosen = query.getAll(name).length
  const all: readonly FacetValue[] = values?.[name] ?? []
  const found = all.filter(({ value }) => describe(value).toLowerCase().includes(text.toLowerCase()))
  return (
    <Popover label={<Labelled label={label} count={chosen} />}>
      {all.length > asked && (
        <input
          type="search"
          class="facet-find"
          placeholder={`Find a ${label.toLowerCase()}`}
          aria-label={`Find a ${label.toLowerCase()}`}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      )}
      <fieldset class="facet-values">
        <legend class="sr-only">{label}</legend>
        {found.map(({ value, film_count }) => (
          <label key={value}>
            <input
              type="checkbox"
              checked={isFiltered(query, { name, value })}
              onChange={() => go(withQuery('/', toggled(query, { name, value }).toString()))}
            />
            <span>{describe(value)}</span>
            <span class="facet-count">{formatCount(film_count)}</span>
          </label>
        ))}
        {found.length === 0 && <p>Nothing found</p>}
      </fieldset>
    </Popover>
  )
}

interface RangeProps {
  readonly name: FilterName
  readonly label: string
  readonly query: URLSearchParams
  readonly min: number
  readonly max: number
  readonly step: number
}

function RangeFacet({ name, label, query, min, max, step }: RangeProps) {
  const [from = '', to = ''] = (query.get(name) ?? '').split('-')
  const set = (ends: readonly [string, string]): void => {
    // who types the ends the wrong way round means the range between them
    const [low, high] =
      ends[0] !== '' && ends[1] !== '' && Number(ends[0]) > Number(ends[1]) ? [ends[1], ends[0]] : ends
    const value = low === '' && high === '' ? '' : `${low}-${high}`
    go(withQuery('/', withFilter(query, { name, value }).toString()))
  }
  const end = (text: string, value: string, change: (value: string) => void) => (
    <label>
      {text}
      <input
        type="number"
        inputMode="decimal"
        {...{ min, max, step, value }}
        onChange={({ currentTarget: input }) => {
          if (input.reportValidity()) change(input.value)
        }}
      />
    </label>
  )
  return (
    <Popover label={<Labelled label={label} count={from + to === '' ? 0 : 1} />}>
      <fieldset class="facet-range">
        <legend class="sr-only">{label}</legend>
        {end('From', from, (value) => set([value, to]))}
        {end('To', to, (value) => set([from, value]))}
      </fieldset>
    </Popover>
  )
}

function Labelled({ label, count }: { readonly label: string; readonly count: number }) {
  if (count === 0) return <>{label}</>
  return (
    <>
      {label} <span class="badge">{count}</span>
      <span class="sr-only"> in use</span>
    </>
  )
}
