import { useState } from 'preact/hooks'
import type { FacetsAnswer, FacetValue } from '../../api-types.ts'
import { Popover } from '../parts/popover.tsx'
import { api } from '../state/api.ts'
import { type FilterName, isFiltered, toggled, withEnd } from '../state/filters.ts'
import { formatCount, formatLanguage } from '../state/format.ts'
import { explore } from '../state/place.ts'
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
      onClick={() => explore((now) => toggled(now, filter))}
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
              onChange={() => explore((now) => toggled(now, { name, value }))}
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

function RangeFacet({ name, label, query, ...limits }: RangeProps) {
  const ends = (query.get(name) ?? '').split('-')
  const end = (text: string, at: 0 | 1) => (
    <RangeEnd
      label={text}
      value={ends[at] ?? ''}
      limits={limits}
      onSet={(value) => explore((now) => withEnd(now, name, at, value))}
    />
  )
  return (
    <Popover label={<Labelled label={label} count={ends.join('') === '' ? 0 : 1} />}>
      <fieldset class="facet-range">
        <legend class="sr-only">{label}</legend>
        {end('From', 0)}
        {end('To', 1)}
      </fieldset>
    </Popover>
  )
}

interface RangeEndProps {
  readonly label: string
  readonly value: string
  readonly limits: Pick<RangeProps, 'min' | 'max' | 'step'>
  readonly onSet: (value: string) => void
}

function RangeEnd({ label, value, limits, onSet }: RangeEndProps) {
  // what is being typed outlives a page that is drawn anew meanwhile
  const [typed, setTyped] = useState<string>()
  return (
    <label>
      {label}
      <input
        type="number"
        inputMode="decimal"
        {...limits}
        value={typed ?? value}
        onInput={({ currentTarget: input }) => setTyped(input.value)}
        onChange={({ currentTarget: input }) => {
          if (!input.reportValidity()) return
          setTyped(undefined)
          onSet(input.value)
        }}
      />
    </label>
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
