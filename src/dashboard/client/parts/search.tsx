import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { api, withQuery } from '../state/api.ts'
import { filterQuery, withFilter } from '../state/filters.ts'
import { formatCount } from '../state/format.ts'
import { go, usePlace } from '../state/place.ts'
import { useAnswer } from '../state/use-answer.ts'
import type { SearchAnswer } from '../../api-types.ts'

/** Something that was found, and where choosing it leads. */
interface Hit {
  readonly kind: 'Film' | 'Director' | 'Franchise' | 'Titles'
  readonly text: string
  readonly note: string
  readonly href: string
}

const waitMs = 150

/** The search box: films, directors and franchises as one types. Arrows choose, Enter goes there, Esc closes the list and then empties the box. */
export function Search() {
  const { query } = usePlace()
  const [text, setText] = useState('')
  const [isOpen, setOpen] = useState(false)
  const [at, setAt] = useState(0)
  const list = useId()
  const input = useRef<HTMLInputElement>(null)
  const asked = useLater(text.trim())
  const answer = useAnswer(asked === '' ? undefined : api.search(asked))
  // while one types, what is known was found for the text before
  const isAnswered = asked === text.trim() && !answer.isLoading
  const hits = asked === '' || !isAnswered || answer.value === undefined ? [] : hitsOf(answer.value, asked, query)
  const isListed = isOpen && text.trim() !== '' && asked !== ''
  const choose = (hit: Hit): void => {
    setText('')
    setOpen(false)
    input.current?.blur()
    go(hit.href)
  }
  const press = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const hit = hits[at]
    if (step !== undefined && hits.length > 0) setAt((at + step + hits.length) % hits.length)
    else if (event.key === 'Enter' && isListed && hit !== undefined) choose(hit)
    else if (event.key === 'Escape' && isListed) setOpen(false)
    else if (event.key === 'Escape' && text !== '') setText('')
    else if (event.key === 'Escape') input.current?.blur()
    else return
    event.preventDefault()
  }
  return (
    <div class="search" role="search">
      <input
        ref={input}
        id="search"
        type="search"
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        placeholder="Search films, directors, franchises"
        aria-label="Search films, directors and franchises"
        aria-expanded={isListed}
        aria-controls={list}
        aria-autocomplete="list"
        list={undefined}
        aria-activedescendant={isListed && hits.length > 0 ? `${list}-${at}` : undefined}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value)
          setOpen(true)
          setAt(0)
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={press}
      />
      <kbd aria-hidden="true">/</kbd>
      <HitList id={list} hits={isListed ? hits : []} at={at} choose={choose} />
      <p class="search-note" role="status">
        {isListed && isAnswered && (answer.fault?.message ?? (hits.length < 2 ? `Nothing is called “${asked}”` : ''))}
      </p>
    </div>
  )
}

function HitList(props: {
  readonly id: string
  readonly hits: readonly Hit[]
  readonly at: number
  readonly choose: (hit: Hit) => void
}) {
  const { id, hits, at, choose } = props
  return (
    <ul class="hits" id={id} role="listbox" aria-label="Found" hidden={hits.length === 0}>
      {hits.map((hit, place) => (
        <li
          key={`${hit.kind} ${hit.href}`}
          id={`${id}-${place}`}
          role="option"
          aria-selected={place === at}
          // pressing must not take the focus, or the list would be gone before the click
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => choose(hit)}
        >
          <span class="hit-kind">{hit.kind}</span>
          <span class="hit-text">{hit.text}</span>
          <span class="hit-note">{hit.note}</span>
        </li>
      ))}
    </ul>
  )
}

/** What was found, and last the text itself as a filter of titles. */
function hitsOf({ films, directors, franchises }: SearchAnswer, text: string, query: URLSearchParams): readonly Hit[] {
  const filters = filterQuery(query)
  const filtered = (name: 'director' | 'collection' | 'q', value: string): string =>
    withQuery('/', withFilter(new URLSearchParams(filters), { name, value }).toString())
  const many = (count: number): string => `${formatCount(count)} ${count === 1 ? 'film' : 'films'}`
  return [
    ...films.map(({ movie_id, title, year }): Hit => {
      return { kind: 'Film', text: title, note: year?.toString() ?? '', href: withQuery(`/films/${movie_id}`, filters) }
    }),
    ...directors.map(({ person_id, name, film_count }): Hit => {
      return { kind: 'Director', text: name, note: many(film_count), href: filtered('director', String(person_id)) }
    }),
    ...franchises.map(({ collection_id, name, film_count }): Hit => {
      return {
        kind: 'Franchise',
        text: name,
        note: many(film_count),
        href: filtered('collection', String(collection_id)),
      }
    }),
    { kind: 'Titles', text: `Films whose title has “${text}”`, note: '', href: filtered('q', text) },
  ]
}

/** The text once it has not changed for a moment; empty text at once. */
function useLater(text: string): string {
  const [later, setLater] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setLater(text), text === '' ? 0 : waitMs)
    return () => clearTimeout(timer)
  }, [text])
  return text === '' ? '' : later
}
