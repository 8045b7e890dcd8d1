import { afterAll } from 'vitest'
import { openSparkQueries } from '../../../src/engines/spark/spark-session.ts'
import { describeConformance } from '../../frame/conformance.ts'
import { sparkUrl } from './server.ts'

const engine = await openSparkQueries(sparkUrl)
afterAll(() => engine.session.close())

describeConformance(engine)
