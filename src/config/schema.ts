import { z } from 'zod'
import { defaultRules } from '../rules.ts'

const day = z.iso.date().meta({ examples: ['1999-03-31'] })
const names = z.array(z.string().min(1))
const address = (example: string) =>
  z
    .url({ protocol: /^https?$/ })
    .meta({ examples: [example] })
    .refine((url) => !/\/\/[^/]*@|[?#]/.test(url), { error: 'an address without user, password, query and fragment' })

const search = z.strictObject({
  genres: names.default([]).describe('genres the movie has, all of them'),
  cast: names.default([]).describe('people in its cast, all of them'),
  directors: names.default([]).describe('its directors, all of them'),
  order_by: z
    .enum(['vote_average', 'vote_count', 'popularity', 'runtime', 'release_date', 'revenue_musd', 'budget_musd'])
    .default('vote_average')
    .describe('column the hits are ordered by; movies without a value come last'),
  direction: z.enum(['asc', 'desc']).default('desc').describe('smallest or largest first'),
})

const lake = z.strictObject({
  path: z
    .string()
    .min(1)
    .default('./lake')
    .describe(
      'Folder of the lake. In a file it is relative to the folder of that file, elsewhere to the working folder.',
    ),
  lock_wait_seconds: z
    .number()
    .min(0)
    .max(86_400)
    .default(0)
    .describe('Seconds to wait while another run writes to the lake, before giving up with exit code 4.'),
})

const duckdb = z.strictObject({
  memory_limit: z
    .string()
    .regex(/^\d+(\.\d+)? ?(KB|MB|GB|TB|KiB|MiB|GiB|TiB)$/)
    .meta({ examples: ['500MB', '2GB'] })
    .default('1GB')
    .describe('Memory DuckDB may take; beyond it work goes to temp_directory.'),
  threads: z
    .int()
    .min(1)
    .max(1024)
    .nullable()
    .default(null)
    .describe('Threads DuckDB works with; null is one per core.'),
  temp_directory: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe('Folder for what does not fit into memory; null is a folder in the lake, removed at the end.'),
})

const spark = z.strictObject({
  url: z
    .string()
    .regex(/^sc:\/\/[^/;@\s]+(\/?(;[A-Za-z0-9_.-]+=[^;\s]*)*)$/)
    .meta({ examples: ['sc://localhost:15002', 'sc://spark.example.com:443/;use_ssl=true'] })
    .refine((url) => !/;[^=]*(token|key|auth|secret|password|cookie)[^=]*=/i.test(url), {
      error: 'an address without a token: set SPARK_CONNECT_TOKEN',
    })
    .nullable()
    .default(null)
    .describe('Address of a Spark Connect server; only the engine spark asks it.'),
  root: z
    .string()
    .min(1)
    .meta({ examples: ['/data/lake', 's3a://bucket/lake'] })
    .refine((root) => !/\/\/[^/]*:[^/]*@/.test(root), { error: 'an address without a key: the server has its own' })
    .nullable()
    .default(null)
    .describe(
      'Folder of the tables as the server sees it; null is that of the lake. Runs, the lock and published.json stay in lake.path.',
    ),
  settings: z
    .record(z.string().regex(/^spark\.[A-Za-z0-9_.-]+$/), z.string())
    .refine((settings) => !Object.keys(settings).some((name) => /secret|password|token|access\.?key/i.test(name)), {
      error: 'settings without secrets: the server has its own',
    })
    .default({})
    .describe("Spark's own settings for the session, such as spark.sql.shuffle.partitions; as text."),
})

const tmdb = z.strictObject({
  base_url: address('https://api.themoviedb.org/3')
    .default('https://api.themoviedb.org/3')
    .describe('Where TMDB answers.'),
  language: z
    .string()
    .regex(/^[a-z]{2}(-[A-Z]{2})?$/)
    .meta({ examples: ['de', 'de-DE'] })
    .nullable()
    .default(null)
    .describe('Language of titles and overviews; null leaves it to TMDB, which answers in English.'),
  append_to_response: z
    .array(
      z
        .string()
        .regex(/^[a-z_]+$/)
        .meta({ examples: ['credits', 'release_dates'] }),
    )
    .max(20)
    .default(['credits'])
    .describe('Parts asked for with each movie, in the same request.'),
  rate_per_second: z.number().min(1).max(40).default(35).describe('Requests a second, for all workers together.'),
  concurrency: z.int().min(1).max(100).default(16).describe('Requests under way at the same time.'),
  timeout_ms: z
    .int()
    .min(100)
    .max(600_000)
    .default(15_000)
    .describe('Milliseconds an answer may take, its body included.'),
  max_attempts: z.int().min(1).max(20).default(6).describe('Requests made for one answer, the first included.'),
  retry_budget: z
    .number()
    .min(0)
    .max(1)
    .default(0.2)
    .describe('Share of all requests that may be second and later attempts; beyond it the source counts as down.'),
  max_body_bytes: z
    .int()
    .min(1024)
    .max(268_435_456)
    .default(16_777_216)
    .describe('Bytes an answer may have, unpacked; longer ones are refused.'),
})

const ingest = z.strictObject({
  sources: z
    .array(z.enum(['list', 'popular', 'top_rated']))
    .min(1)
    .default(['list'])
    .describe("Which movies are asked for: those of movie_ids, TMDB's popular or top rated ones, or several of these."),
  movie_ids: z
    .array(z.int().min(0))
    .min(1)
    .default([
      0, 299534, 19995, 140607, 299536, 597, 135397, 420818, 24428, 168259, 99861, 284054, 12445, 181808, 330457,
      351286, 109445, 321612, 260513,
    ])
    .describe('Movies of the source list, by TMDB id. There is no movie 0: it shows what happens to a refused id.'),
  pages: z.int().min(1).max(500).default(1).describe('Pages of popular or top_rated, 20 movies each.'),
  batch_size: z.int().min(1).max(100_000).default(2000).describe('Answers that are written together.'),
  batch_seconds: z
    .number()
    .min(1)
    .max(3600)
    .default(30)
    .describe('Seconds after which answers are written even if they are fewer.'),
})

const sample = z.strictObject({
  base_url: address('http://localhost:8787/3')
    .nullable()
    .default(null)
    .describe('Where a sample server answers, as movielake demo-server prints it; null starts one in the process.'),
  date: day
    .nullable()
    .default(null)
    .describe('Day a sample server shows that is started here; null is the newest it has.'),
})

const quality = z.strictObject({
  required_fields: names.default(['id', 'title']).describe('Fields a payload needs, or it is rejected.'),
  require_credits: z
    .boolean()
    .default(true)
    .describe('Whether payloads without credits are rejected; some archives have none.'),
  max_rejection_rate: z
    .number()
    .min(0)
    .max(1)
    .default(0.2)
    .describe('Share of rejected movies beyond which a run ends with exit code 3.'),
  min_budget_usd: z
    .number()
    .min(0)
    .default(defaultRules.suspicious_budget_usd)
    .describe('Budgets above 0 and below this many USD are kept with a warning: somebody meant millions.'),
})

const silver = z.strictObject({
  keep_status: names
    .min(1)
    .default([...defaultRules.keep_status])
    .describe('Statuses kept; other movies go to quarantine.'),
  min_filled_columns: z
    .int()
    .min(0)
    .max(22)
    .default(defaultRules.min_filled_columns)
    .describe('How many of the 22 curated columns a movie needs; others go to quarantine.'),
  earliest_release_date: day
    .default(defaultRules.earliest_release_date)
    .describe('Release dates before this day are null, with a warning.'),
  null_texts: names
    .default([...defaultRules.null_texts])
    .describe('Texts that stand for nothing, in any case of letters; the empty text always does.'),
  drop_columns: names
    .default([...defaultRules.drop_columns])
    .describe('Payload fields left out of silver.movies_curated.'),
})

const gold = z.strictObject({
  roi_min_budget_musd: z
    .number()
    .min(0)
    .default(defaultRules.roi_min_budget_musd)
    .describe('Million USD of budget from which a return on investment counts.'),
  rating_min_votes: z
    .int()
    .min(0)
    .default(defaultRules.rating_min_votes)
    .describe('Votes from which a rating is ranked.'),
  top: z.int().min(1).max(10_000).default(defaultRules.top).describe('Places a ranking has.'),
  searches: z
    .record(
      z
        .string()
        .regex(/^[a-z][a-z0-9_]*$/)
        .meta({ examples: ['tarantino_comedies'] }),
      search,
    )
    .default(structuredClone(defaultRules.searches) as Record<string, z.output<typeof search>>)
    .describe('Searches by name. Setting this replaces the two that are there.'),
})

const report = z.strictObject({
  enabled: z.boolean().default(true).describe('Whether a run ends by writing the report and its charts into the lake.'),
})

const log = z.strictObject({
  format: z.enum(['text', 'json']).default('text').describe('Progress on stderr for people, or one JSON event a line.'),
  level: z
    .enum(['debug', 'info', 'warn', 'error'])
    .default('info')
    .describe('Least important event that is written to stderr.'),
})

/** The config as it may be written: every key with its default, its limits and what it means. */
export const configSchema = z
  .strictObject({
    lake: lake.prefault({}).describe('Where the tables lie.'),
    engine: z
      .enum(['duckdb', 'spark'])
      .default('duckdb')
      .describe('What the tables are computed with: DuckDB in this process, or Spark at spark.url.'),
    duckdb: duckdb.prefault({}).describe('DuckDB, in the process.'),
    spark: spark.prefault({}).describe('Spark, on a server. Its token is not here: set SPARK_CONNECT_TOKEN.'),
    tmdb: tmdb.prefault({}).describe('How TMDB is asked. The key is not here: set TMDB_TOKEN.'),
    ingest: ingest.prefault({}).describe('Which movies are fetched.'),
    sample: sample.prefault({}).describe('The sample server that answers when there is no key.'),
    quality: quality.prefault({}).describe('What is refused.'),
    silver: silver.prefault({}).describe('How payloads are cleaned.'),
    gold: gold.prefault({}).describe('How KPIs are counted.'),
    report: report.prefault({}).describe('What is shown of it.'),
    log: log.prefault({}).describe('What is told on the way.'),
  })
  .describe('Settings of movielake.')

type Frozen<T> = { readonly [K in keyof T]: T[K] extends object ? Frozen<T[K]> : T[K] }

/** Every setting with its value, defaults filled in. */
export type Config = Frozen<z.output<typeof configSchema>>

/** The JSON Schema of movielake.yaml, for editors. */
export function configJsonSchema(): object {
  return z.toJSONSchema(configSchema, {
    io: 'input',
    override({ jsonSchema, zodSchema }) {
      if (zodSchema._zod.def.type === 'prefault') delete jsonSchema.default
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
    },
  })
}
