import { Argument, Command, InvalidArgumentError, Option, type OptionValues } from 'commander'
import { version } from '../version.ts'
import { openContext, type CommonFlags, type Context } from './context.ts'
import type { Io } from './terminal.ts'

/** Does a command's work: its flags, its arguments, and the exit code it ends with. */
export type Work<Flags> = (context: Context, flags: Flags, args: readonly string[]) => Promise<number>

type Dispatch = (context: Context, work: () => Promise<number>) => Promise<void>

/** All commands with their flags. A command's code is loaded when it is called, so that help does not wait for DuckDB. */
export function buildProgram(io: Io, dispatch: Dispatch): Command {
  const program = new Command('movielake')
    .description('A movie lakehouse: TMDB to bronze, silver and gold Delta tables.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this, or the help of a command')
    .configureHelp({
      subcommandTerm: (each) => [each.name(), ...each.registeredArguments.map(argumentTerm)].join(' '),
    })
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      getOutHelpWidth: () => io.stdout.columns || 80,
      getErrHelpWidth: () => io.stderr.columns || 80,
    })
    .showHelpAfterError('hint: movielake --help lists the commands')
  withCommonFlags(program, true)
  const at = { program, io, dispatch }
  addPipeline(at)
  addReading(at)
  addTables(at)
  addDelta(at)
  addUpkeep(at)
  for (const each of leaves(program)) withCommonFlags(each)
  program.addHelpCommand(new Command('help').argument('[command]').description('print the help of a command'))
  program.addHelpText('after', `\n${everywhere}`)
  program.addHelpText('after', examples('run', 'kpis --top 5', 'query "select title, revenue_musd from silver.movies"'))
  return program
}

interface Place {
  readonly program: Command
  readonly io: Io
  readonly dispatch: Dispatch
}

function addPipeline(at: Place): void {
  at.program.commandsGroup('Filling the lake:')
  withIds(command(at, 'run', 'fetch movies, build silver and gold, write the report'))
    .option('--top <n>', 'places shown of each KPI', wholeNumber)
    .addHelpText('after', examples('run', 'run --ids 603,604', 'run --source popular --pages 5', 'run --dry-run'))
    .action(acting(at, async () => (await import('./run.ts')).run))
  withIds(command(at, 'ingest', 'fetch movies into bronze'))
    .addHelpText('after', examples('ingest', 'ingest --source top_rated --pages 2'))
    .action(acting(at, async () => (await import('./ingest.ts')).ingest))
  withSkipCode(command(at, 'import', 'bring files of movie payloads into bronze'))
    .argument('<files...>', 'JSON, {"movies": […]} or NDJSON, plain, .gz or .zst')
    .option('--fetched-at <instant>', 'when the payloads were fetched, such as 2025-12-09T10:45:30Z (default: now)')
    .addHelpText('after', examples('import payloads.json.gz --fetched-at 2025-12-09', 'import archive/*.ndjson'))
    .action(acting(at, async () => (await import('./import.ts')).importFiles))
  command(at, 'export', 'write the latest payload of every movie as NDJSON')
    .option('-o, --output <file>', 'file to write, gzipped when its name ends in .gz (default: standard output)')
    .option('--as-of <instant>', 'the payloads as they were then')
    .option('--force', 'write over an existing file')
    .addHelpText('after', examples('export -o payloads.ndjson.gz', 'export --as-of 2025-12-09 | jq .title'))
    .action(acting(at, async () => (await import('./export.ts')).exportPayloads))
  withPlan(command(at, 'build', 'build silver and gold as far as something is new'))
    .addArgument(new Argument('[layer]', 'the layer to build (default: both)').choices(['silver', 'gold']))
    .option('--full', 'build anew from all of bronze')
    .addHelpText('after', examples('build', 'build silver', 'build --full'))
    .action(acting(at, async () => (await import('./build.ts')).build))
}

function addReading(at: Place): void {
  at.program.commandsGroup('Reading it:')
  command(at, 'kpis', 'print the KPIs of the published tables')
    .option('--top <n>', 'places shown of each KPI', wholeNumber)
    .option('--csv <dir>', 'write them as CSV files into this folder')
    .addHelpText('after', examples('kpis', 'kpis --json | jq .rankings.highest_roi', 'kpis --csv out'))
    .action(acting(at, async () => (await import('./kpis.ts')).kpis))
  withMoment(command(at, 'query', 'run SQL over the tables'))
    .argument('<sql>', 'the query, or - to read it from standard input')
    .option('--csv', 'print CSV')
    .addHelpText(
      'after',
      examples(
        'query "select name, total_revenue_musd from gold.directors limit 5"',
        'query --as-of 2025-12-09 --csv - < my.sql',
      ),
    )
    .action(acting(at, async () => (await import('./query.ts')).query))
  command(at, 'report', 'write the report and its charts')
    .option('-o, --output <dir>', 'folder it replaces (default: report, in the lake)')
    .addHelpText('after', examples('report', 'report --output out/november'))
    .action(acting(at, async () => (await import('./report.ts')).report))
  command(at, 'serve', 'serve the dashboard over what is published')
    .option('--port <n>', 'port to listen on, 0 for any that is free', portNumber, 8788)
    .option('--host <host>', 'address to listen on; with another than this a token is asked for', '127.0.0.1')
    .option('--token <token>', 'what a browser has to know (default: MOVIELAKE_SERVE_TOKEN, or made anew)')
    .option('--open', 'open it in the browser')
    .addHelpText('after', examples('serve --open', 'serve --port 0', 'serve --host 0.0.0.0'))
    .action(acting(at, async () => (await import('./serve.ts')).serve))
  command(at, 'show', 'print what there is of one movie')
    .argument('<id>', 'TMDB id of the movie', wholeNumber)
    .addHelpText('after', examples('show 603'))
    .action(acting(at, async () => (await import('./show.ts')).show))
}

function addTables(at: Place): void {
  at.program.commandsGroup('Looking at it:')
  command(at, 'tables', 'list the tables with rows, version and size')
    .addHelpText('after', examples('tables'))
    .action(acting(at, async () => (await import('./tables.ts')).tables))
  command(at, 'history', 'list the commits of a table, newest first')
    .argument('<table>', 'such as silver.movies')
    .addHelpText('after', examples('history silver.movies'))
    .action(acting(at, async () => (await import('./history.ts')).history))
  command(at, 'schema', 'print the columns of a table and what they mean')
    .argument('[table]', 'such as gold.franchises (default: all tables)')
    .addHelpText('after', examples('schema gold.franchises', 'schema --json'))
    .action(acting(at, async () => (await import('./schema.ts')).schema))
  command(at, 'runs', 'list the runs, or print the record of one')
    .argument('[run-id]', 'one of those listed')
    .addHelpText('after', examples('runs', 'runs --json'))
    .action(acting(at, async () => (await import('./runs.ts')).runs))
}

function addDelta(at: Place): void {
  const delta = at.program
    .command('delta')
    .description('look into any Delta table by its folder')
    .addHelpText('after', examples('delta schema lake/silver/movies', 'delta rows lake/silver/movies --limit 5'))
  const below = { ...at, program: delta }
  const about = (name: string, text: string): Command =>
    command(below, name, text).argument('<path>', 'folder of the table')
  withMoment(about('rows', 'print its rows, one JSON object a line'))
    .option('--columns <list>', 'such as id,title (default: all)')
    .option('--where <condition>', 'in SQL, such as "votes > 100"')
    .option('--limit <n>', 'rows to print', wholeNumber)
    .addHelpText(
      'after',
      examples('delta rows lake/silver/movies --limit 5', 'delta rows films --version 3 | jq .title'),
    )
    .action(acting(at, async () => (await import('./delta.ts')).deltaRows))
  withMoment(about('schema', 'print its columns'))
    .addHelpText('after', examples('delta schema lake/silver/movies'))
    .action(acting(at, async () => (await import('./delta.ts')).deltaSchema))
  about('history', 'list its commits, newest first')
    .addHelpText('after', examples('delta history lake/silver/movies'))
    .action(acting(at, async () => (await import('./delta.ts')).deltaHistory))
  withMoment(about('files', 'list its data files'))
    .option('--where <condition>', 'only those that are read for it')
    .addHelpText('after', examples('delta files lake/silver/movies', 'delta files films --where "year = 2009"'))
    .action(acting(at, async () => (await import('./delta.ts')).deltaFiles))
  about('changes', 'print the rows that commits brought, took or changed, one JSON object a line')
    .requiredOption('--from <n>', 'the first version to look at', wholeNumber)
    .option('--to <n>', 'the last one (default: the newest)', wholeNumber)
    .option('--key <list>', 'columns by which a row that went and came is an update, such as id')
    .addHelpText('after', examples('delta changes lake/silver/movies --from 1 --key movie_id'))
    .action(acting(at, async () => (await import('./delta.ts')).deltaChanges))
}

function addUpkeep(at: Place): void {
  at.program.commandsGroup('Keeping it:')
  const config = at.program.command('config').description('print the settings')
  config
    .command('show', { isDefault: true })
    .description('print every setting')
    .option('--origins', 'with the place each one came from')
    .addHelpText('after', examples('config show --origins'))
    .action(acting(at, async () => (await import('./config.ts')).configShow))
  command(at, 'optimize', 'bring small files of the tables together')
    .argument('[tables...]', 'such as silver.movies (default: all)')
    .addHelpText('after', examples('optimize', 'optimize bronze.movies'))
    .action(acting(at, async () => (await import('./upkeep.ts')).optimize))
  command(at, 'vacuum', 'take files off the disk that nobody can ask for')
    .argument('[tables...]', 'such as silver.movies (default: all)')
    .option('--dry-run', 'print what would be taken, and take nothing')
    .option('--retention-hours <n>', 'how long files stay that tables no longer need (default: 168)', wholeNumber)
    .addHelpText('after', examples('vacuum --dry-run', 'vacuum bronze.movies --retention-hours 24'))
    .action(acting(at, async () => (await import('./upkeep.ts')).vacuum))
  command(at, 'doctor', 'check the machine, the settings and the lake')
    .addHelpText('after', examples('doctor'))
    .action(acting(at, async () => (await import('./doctor.ts')).doctor))
  command(at, 'unlock', 'remove the lock of a run that died')
    .option('--force', 'even if that run may be alive')
    .addHelpText('after', examples('unlock'))
    .action(acting(at, async () => (await import('./unlock.ts')).unlock))
  command(at, 'init', 'write movielake.yaml, .env.example and .gitignore')
    .argument('[dir]', 'the folder to write into (default: this one)')
    .option('--force', 'write over existing files')
    .addHelpText('after', examples('init', 'init my-lake'))
    .action(acting(at, async () => (await import('./init.ts')).init))
  command(at, 'demo-server', 'serve sample films the way TMDB does')
    .option('--port <n>', 'port to listen on', portNumber, 8787)
    .option('--host <host>', 'address to listen on', '127.0.0.1')
    .option('--date <day>', 'day it pretends to be (default: sample.date of the settings)')
    .option('--rate <n>', 'requests a second before it answers 429', wholeNumber)
    .option('--token <key>', 'the only key it accepts')
    .option('--fail <rules>', 'what goes wrong, such as "429:every=10,retry_after=1 cut:movies=603"')
    .addHelpText('after', examples('demo-server', 'demo-server --date 2025-12-09 --fail "500:every=7"'))
    .action(acting(at, async () => (await import('./demo-server.ts')).demoServer))
}

const command = ({ program }: Place, name: string, about: string): Command => program.command(name).description(about)

const argumentTerm = (argument: Argument): string => {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`
  return argument.required ? `<${name}>` : `[${name}]`
}

/** Commands without commands below them. */
const leaves = (command: Command): Command[] =>
  command.commands.flatMap((each) => (each.commands.length === 0 ? [each] : leaves(each)))

const everywhere = `Every command takes --lake DIR, --config FILE, --set KEY=VALUE, --engine NAME,
--spark URL, --json, --log-format text|json, -q/--quiet, --no-color and --debug.`

function withCommonFlags(command: Command, isHidden = false): Command {
  const common = [
    new Option('--lake <dir>', 'folder of the lake (default: ./lake)'),
    new Option('--config <file>', 'config file (default: movielake.yaml, if there is one)'),
    new Option('--set <key=value>', 'a setting, such as tmdb.rate_per_second=20; may be repeated').argParser(
      assignments,
    ),
    new Option('--engine <name>', 'what computes: duckdb or spark'),
    new Option('--spark <url>', 'the server of the engine spark, such as sc://localhost:15002'),
    new Option('--json', 'print one JSON document'),
    new Option('--log-format <format>', 'progress on stderr as text or json'),
    new Option('-q, --quiet', 'only warnings and errors on stderr'),
    new Option('--no-color', 'without colours'),
    new Option('--debug', 'with the stack of an error'),
  ]
  const group = 'Common options:'
  for (const option of common) command.addOption(option.helpGroup(group).hideHelp(isHidden))
  return isHidden ? command : command.addHelpOption(new Option('-h, --help', 'print this').helpGroup(group))
}

const withIds = (command: Command): Command =>
  withPlan(command)
    .option('--ids <list>', 'movies to fetch, such as 603,604')
    .option('--source <names>', 'list, popular or top_rated, or several: list,popular')
    .option('--pages <n>', 'pages of popular or top_rated')

const withPlan = (command: Command): Command =>
  withSkipCode(command.option('--dry-run', 'print what would be done, and do nothing'))

const withSkipCode = (command: Command): Command =>
  command.option('--skip-code <n>', 'exit code when nothing is new (default: 0)', exitCode)

const withMoment = (command: Command): Command =>
  command
    .addOption(new Option('--as-of <instant>', 'as it was then, such as 2025-12-09 or 2025-12-09T10:45:30Z'))
    .addOption(new Option('--version <n>', 'at this version').argParser(wholeNumber).conflicts('asOf'))

function acting<Flags extends OptionValues>(
  { program, io, dispatch }: Place,
  load: () => Promise<Work<Flags>>,
): (...given: unknown[]) => Promise<void> {
  return async (...given) => {
    const command = given.at(-1)
    if (!(command instanceof Command)) throw new Error('commander calls an action with its command last')
    const flags = merged(program.opts<CommonFlags>(), command.opts<CommonFlags>())
    const context = openContext(io, flags)
    await dispatch(context, async () => (await load())(context, command.opts<Flags>(), command.args))
  }
}

const merged = (before: CommonFlags, after: CommonFlags): CommonFlags => ({
  ...before,
  ...after,
  set: [...(before.set ?? []), ...(after.set ?? [])],
  color: before.color !== false && after.color !== false,
})

function assignments(text: string, before: readonly string[] = []): readonly string[] {
  if (!/^[^=]+=/.test(text)) throw new InvalidArgumentError('It is not like key=value.')
  return [...before, text]
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(Number(text)))
    throw new InvalidArgumentError('It is not a whole number.')
  return Number(text)
}

function portNumber(text: string): number {
  const port = wholeNumber(text)
  if (port > 65_535) throw new InvalidArgumentError('A port is at most 65535.')
  return port
}

function exitCode(text: string): number {
  const code = wholeNumber(text)
  if (code > 255) throw new InvalidArgumentError('An exit code is at most 255.')
  return code
}

const examples = (...lines: readonly string[]): string =>
  ['', 'Examples:', ...lines.map((line) => `  $ movielake ${line}`)].join('\n')
