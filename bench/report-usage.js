// preloaded into a measured process: leaves what it used in the file BENCH_USAGE when it ends
import { writeFileSync } from 'node:fs'

const started = performance.now()
process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
  const usage = {
    seconds: (performance.now() - started) / 1000,
    peakMb: maxRSS / 1024,
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
  }
  if (process.env.BENCH_USAGE) writeFileSync(process.env.BENCH_USAGE, JSON.stringify(usage))
})
