// writes docs/data-dictionary.md from the compiled tables: npm run build && node scripts/make-data-dictionary.mjs
import { writeFileSync } from 'node:fs'

const { renderDataDictionary } = await import('../dist/report/data-dictionary.js')
const { lakeTables } = await import('../dist/pipeline/catalogue.js')
const { defaultRules } = await import('../dist/rules.js')
writeFileSync(new URL('../docs/data-dictionary.md', import.meta.url), renderDataDictionary(lakeTables(defaultRules)))
