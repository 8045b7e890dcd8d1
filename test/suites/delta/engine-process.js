// another engine in a process of its own, asked by lines of JSON
import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'

const minute = 60_000

/** Starts an engine; what it says beside its answers goes into a file. Its `ask` throws what the engine threw, as an Error with its message. */
export function openEngine(name, program, args, { logFile, workFolder }) {
  const environment = { ...process.env, TZ: 'UTC', PYTHONDONTWRITEBYTECODE: '1', RUST_LOG: 'error' }
  // Spark would take what the user has set for another one
  for (const key of ['SPARK_HOME', 'SPARK_CONF_DIR', 'PYSPARK_SUBMIT_ARGS', 'PYTHONPATH', 'HADOOP_CONF_DIR'])
    delete environment[key]
  const child = spawn(program, args, { env: environment, cwd: workFolder, stdio: ['pipe', 'pipe', 'pipe'] })
  child.stderr.pipe(createWriteStream(logFile))
  const waiting = []
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.answer(JSON.parse(line)))
  let isGone = false
  const ended = new Promise((resolve) => {
    const end = () => {
      isGone = true
      for (const { answer } of waiting.splice(0)) answer({ error: `${name} has ended, see ${logFile}` })
      resolve()
    }
    child.on('error', end)
    child.on('close', end)
  })
  child.stdin.on('error', () => {
    // the process has ended: whoever waits is told so above
  })

  const ask = async (command, request = {}) => {
    if (isGone) throw new Error(`${name} has ended, see ${logFile}`)
    let timer
    const answered = await new Promise((answer) => {
      waiting.push({ answer })
      timer = setTimeout(() => {
        child.kill('SIGKILL')
        answer({ error: `${name} did not answer for three minutes` })
      }, 3 * minute)
      child.stdin.write(`${JSON.stringify({ command, ...request })}\n`)
    })
    clearTimeout(timer)
    if (answered.error !== undefined) throw new Error(answered.error)
    return answered.result
  }
  const close = async () => {
    child.stdin.end()
    const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
    await ended
    clearTimeout(timer)
  }
  return { name, logFile, ask, close, isGone: () => isGone }
}
