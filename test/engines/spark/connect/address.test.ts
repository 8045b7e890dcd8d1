import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../../../src/errors.ts'
import { parseAddress } from '../../../../src/engines/spark/connect/index.ts'

it('takes an address apart', () => {
  const id = '0b6a0b0e-5a3f-4d55-a5fb-2f2a5f7e8f01'
  expect(
    parseAddress(`sc://spark.example:443/;token=a%3Bb;user_id=me;session_id=${id};user_agent=x;x-cluster=0%201`),
  ).toEqual({
    host: 'spark.example',
    port: 443,
    isSecure: true,
    token: 'a;b',
    userId: 'me',
    userAgent: 'x',
    sessionId: id,
    headers: { 'x-cluster': '0 1' },
  })
})

it.each<readonly [string, object]>([
  ['sc://h', { host: 'h', port: 15002, isSecure: false }],
  ['sc://h:80', { port: 80 }],
  ['sc://[::1]:7', { host: '[::1]', port: 7 }],
  ['sc://h/;use_ssl=true', { isSecure: true }],
  ['sc://h/;token=t', { isSecure: true }],
  ['sc://h/;use_ssl=false', { isSecure: false }],
  ['sc://h/;token=t;use_ssl=false', { isSecure: false }],
  ['sc://localhost/;token=t', { isSecure: false }],
  ['sc://127.0.0.1/;token=t;use_ssl=true', { isSecure: true }],
  ['sc://127.0.0.1/;token=t;use_ssl=false', { isSecure: false }],
])('%s', (address, parts) => {
  expect(parseAddress(address)).toMatchObject(parts)
})

describe('refused, with a hint and without the secret', () => {
  it.each([
    'spark://h',
    'http://h:15002',
    'sc://',
    'sc://h:port',
    'sc://h:99999',
    'sc://h/path',
    'sc://me:s3cret@h',
    'sc://h/;s3cret',
    'sc://h/;token=',
    'sc://h/;token=s3cret%zz',
    'sc://h/;token=s3cret;token=s3cret',
    'sc://h/;x-h=s3cret%0a',
    'sc://h/;use_ssl=s3cret',
    'sc://h/;session_id=s3cret',
  ])('%s', (address) => {
    let error: unknown
    try {
      parseAddress(address)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(ConfigError)
    const { message, hint, stack, cause } = error as ConfigError
    expect(hint).toBeDefined()
    expect([message, hint, stack, String(cause)].join()).not.toContain('s3cret')
  })
})
