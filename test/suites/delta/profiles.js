// kinds of tables, and what an engine cannot do with them

const everyone = ['movielake', 'delta-rs', 'Spark']

/**
 * What tables are made of. `creators` can make such a table, `properties` are set then, `special` are Spark's statements that may come as a
 * step of their own: each changes the columns as `change` does.
 */
export const profiles = [
  { name: 'plain', creators: everyone },
  { name: 'laid over', creators: ['movielake'], rewriteBytes: 0 },
  { name: 'append only', creators: everyone, properties: { 'delta.appendOnly': 'true' } },
  { name: 'deletion vectors', creators: ['Spark', 'delta-rs'], properties: { 'delta.enableDeletionVectors': 'true' } },
  { name: 'check constraint', creators: everyone, constraint: 'n IS NULL OR n < 1000' },
  { name: 'not null', creators: ['Spark', 'delta-rs'], hasNotNull: true },
  { name: 'v2 checkpoints', creators: ['Spark'], properties: { 'delta.checkpointPolicy': 'v2' } },
  { name: 'in-commit timestamps', creators: ['Spark'], properties: { 'delta.enableInCommitTimestamps': 'true' } },
  { name: 'change data feed', creators: ['Spark', 'delta-rs'], properties: { 'delta.enableChangeDataFeed': 'true' } },
  {
    name: 'column mapping by name',
    creators: ['Spark'],
    properties: { 'delta.columnMapping.mode': 'name' },
    isMapped: true,
  },
  {
    name: 'column mapping by id',
    creators: ['Spark'],
    properties: { 'delta.columnMapping.mode': 'id' },
    isMapped: true,
  },
  {
    name: 'type widening',
    creators: ['Spark', 'movielake'],
    properties: { 'delta.enableTypeWidening': 'true' },
    isWidened: true,
  },
  {
    name: 'many features',
    creators: ['Spark'],
    properties: {
      'delta.enableDeletionVectors': 'true',
      'delta.checkpointPolicy': 'v2',
      'delta.enableInCommitTimestamps': 'true',
      'delta.checkpointInterval': '2',
    },
  },
]

const mapped = ['column mapping by name', 'column mapping by id']
const changes = ['merge', 'delete', 'update']
const widened = ['type widening']
const timed = ['in-commit timestamps', 'many features']
const strict = ['append', 'overwrite', 'add_columns']
const writes = [
  'append',
  'overwrite',
  ...changes,
  'optimize',
  'z_order',
  'add_columns',
  'restore',
  'vacuum',
  'add_constraint',
]

/** What an engine refuses, and what it then says; `isSometimes` where it depends on the rows. The first that fits counts. */
const refusals = [
  { engine: 'movielake', profiles: mapped, commands: writes, says: /cannot be written because of columnMapping/ },
  {
    engine: 'movielake',
    profiles: ['change data feed'],
    commands: changes,
    says: /its change data feed/,
    isSometimes: true,
  },
  {
    engine: 'delta-rs',
    profiles: mapped,
    commands: ['optimize', 'z_order', 'add_columns'],
    says: /Column mapping is not supported for write operation/,
  },
  { engine: 'delta-rs', profiles: widened, commands: ['rows', ...strict], says: /TypeWidening/ },
  { engine: 'delta-rs', profiles: timed, commands: strict, says: /InCommitTimestamp/ },
  // with nothing to do, it commits nothing
  { engine: 'delta-rs', profiles: widened, commands: writes, says: /TypeWidening/, isSometimes: true },
  { engine: 'delta-rs', profiles: timed, commands: writes, says: /InCommitTimestamp/, isSometimes: true },
]

/** What the engine will say when asked for this, where it is known to refuse it. */
export const refusalOf = (engine, command, profile) =>
  refusals.find(
    (one) =>
      one.engine === engine && one.profiles.includes(profile.name) && (one.commands ?? [command]).includes(command),
  )
