import type { PayloadRules } from '../bronze/check-payload.ts'
import type { Config } from '../config/config.ts'
import type { LakePaths } from '../config/paths.ts'
import type { Engine } from '../engines/engine.ts'
import type { Rules } from '../rules.ts'
import type { Clock } from './clock.ts'
import type { Run } from './run.ts'

/** What every step of a run works with. */
export interface Session {
  readonly engine: Engine
  readonly config: Config
  readonly rules: Rules
  readonly paths: LakePaths
  readonly clock: Clock
  readonly run: Run
  readonly signal: AbortSignal
}

/** What the config asks of a payload. */
export const payloadRules = ({ quality }: Config): PayloadRules => ({
  requiredFields: quality.required_fields,
  isCreditsRequired: quality.require_credits,
})
