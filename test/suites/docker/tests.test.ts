import { expect, it } from 'vitest'
import { Compose } from './docker.ts'

// all of them take as long as outside; these need what a container may lack: files of the project, processes, the network
const files = ['config', 'deploy.test.ts', 'docs.test.ts', 'pipeline/lock.test.ts'].map((name) => `test/${name}`)

it('the service tests runs the test suite', async () => {
  const compose = new Compose('tests')
  const { code, stdout, stderr } = await compose.run(['run', '--rm', '-T', 'tests', ...files], { timeoutMs: 600_000 })
  await compose.down()
  expect({ code, said: code === 0 ? '' : `${stdout}${stderr}`.slice(-4000) }).toEqual({ code: 0, said: '' })
  expect(stdout).toMatch(/Tests .*\d+ passed/)
}, 620_000)
