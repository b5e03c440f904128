// Writes records with words that YAML readers trip over, as YAML and as JSON: node tools/hard-words.js <folder>

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { convert } from '../dist/convert.js'
import { InputError } from '../dist/diagnostics.js'
import { prune } from '../dist/formats/prune.js'
import { toYaml } from '../dist/formats/yaml.js'
import { fileSource } from '../dist/input/source.js'

const WORDS = [
  '0116',
  '1_000',
  'no',
  'Yes',
  'null',
  '~',
  '2021-04-21',
  '2021-11-22 09:02:00',
  '10:30',
  '09:02',
  '1.10',
  '=',
  '- a',
  'a: b',
  '# a',
  'a\tb',
  'a\nb',
  'a\u2028b',
  'a\u0085b',
  'a\x7fb',
  'a\x9bb',
  '\ufeffa',
  'a\uffffb',
  'a\x1bb',
  '𬭎㐂',
  '0x1F',
  '.inf',
  '0o17',
  '1e3',
  '@a',
  '%a',
  '!a',
  '&a',
  '*a',
  '|',
  '>',
]
const folder = process.argv[2]
const fixtures = fileURLToPath(new URL('../fixtures/', import.meta.url))
mkdirSync(folder, { recursive: true })

const records = readdirSync(fixtures).flatMap((slug) => {
  const name = readdirSync(`${fixtures}${slug}`).find((file) => file.startsWith('page.'))
  try {
    return [convert(fileSource(name, readFileSync(`${fixtures}${slug}/${name}`)), { encoding: null, evidence: true })]
  } catch (error) {
    if (error instanceof InputError) return []
    throw error
  }
})
const hard = WORDS.map((publisher) => ({ ...records[0], page: { ...records[0].page, publisher } }))
;[...records, ...hard].forEach((record, i) => {
  writeFileSync(`${folder}/${i}.yaml`, toYaml(record))
  writeFileSync(`${folder}/${i}.json`, JSON.stringify(prune(record)))
})
