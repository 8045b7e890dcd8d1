import { afterAll, describe, expect, it } from 'vitest'
import { openSpark } from '../../../src/engines/spark/connect/index.ts'
import { describeClient } from './client-cases.ts'
import { findSail, startSail } from './sail.ts'

/** Sail takes the sign for an operator that comes after: the number is one of 64 bits, or none that it knows. */
const otherNumbers = ['-2147483648', '-9223372036854775808L']

// Sail speaks the protocol and is not Spark: the names of errors, what runs in a stage, and Delta are Spark's alone; it keeps no pieces of large uploads
const { python, missing } = findSail()
const server = python === undefined ? undefined : await startSail(python)
const session = server && (await openSpark(server.url, { config: { 'spark.sql.session.timeZone': 'UTC' } }))
afterAll(async () => {
  await session?.close()
  await server?.stop()
})

describe('on Sail', () => {
  if (session !== undefined) describeClient(session, otherNumbers)
  else
    it('the client', ({ skip }) => {
      expect(process.env['REQUIRE_SPARK'], missing).not.toBe('1')
      skip(`Sail cannot be had: ${missing}`)
    })
})
