import { existsSync } from 'node:fs'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { FORMATS } from '../formats/index.ts'
import { ADDRESS, withoutUserinfo } from '../input/operands.ts'
import { FORMATS as INPUT_FORMATS } from '../input/sniff.ts'
import { VERSION } from '../version.ts'
import type { CrawlFlags } from './crawl.ts'
import { type Io, UsageError } from './io.ts'
import type { ParseOptions } from './parse.ts'
import type { VerifyOptions } from './verify.ts'

export { CommanderError }

const EXAMPLES = `
Examples:
  $ dafu page.html                       one page, YAML on standard output
  $ dafu --tree page.html                the same with nested blocks, for eyes
  $ dafu pages/ -o records.ndjson        every page of a folder, a record a line
  $ dafu pages/ --errors failed.ndjson   the same, failures listed in a file
  $ dafu crawl.warc.gz saved.zip         the pages of archives
  $ dafu disk/ -o out/ -j auto --manifest out.manifest.ndjson --resume
  $ curl -s ADDRESS | dafu -f json       a page from a pipe
  $ dafu fetch ADDRESS --warc kept        a page from the portal, kept as WARC
  $ dafu crawl LIST-ADDRESS > out.ndjson  every reply of a column
  $ dafu verify a.json --against a.html  does every value of the record hold?
  $ dafu schema                          the JSON Schema of a record

Exit codes: 0 all converted, 1 some failed, 2 wrong usage, 3 nothing converted,
4 stopped early, 70 a bug in dafu, 130 interrupted.`

/** The commands and their options. `writeHelp` gets what --help prints, `setExit` the verdict. */
export function createProgram(io: Io, writeHelp: (text: string) => void, setExit: (code: number) => void): Command {
  const program = new Command('dafu')
    .description(
      "Turns pages with replies (答复) to CPPCC proposals and people's deputies' suggestions into structured records.",
    )
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: writeHelp,
      writeErr: (text) => io.stderr(text.startsWith('error: ') ? `dafu: ${text}` : text),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
  const parseCommand = fetchOptions(
    parseOptions(
      program
        .command('parse', { isDefault: true })
        .description('convert pages to records (the default command)')
        .argument('[INPUT...]', 'files, archives, folders, http(s) addresses, or - for standard input'),
    ),
  )
    .addHelpText('after', EXAMPLES)
    .action(async (inputs: string[], options: ParseOptions) => {
      await checkCommand(program, inputs)
      const { parse } = await import('./parse.ts')
      setExit(await parse(inputs, options, io))
    })
  fetchOptions(
    parseOptions(
      program
        .command('fetch')
        .description('fetch pages and convert them to records; the same as giving addresses to parse')
        .argument('[URL...]', 'http(s) addresses'),
    ),
  ).action(async (inputs: string[], options: ParseOptions) => {
    if (inputs.length === 0 && options.filesFrom === undefined && options.retryErrors === undefined)
      throw new UsageError('no address; give http(s) addresses, or a list of them with --files-from')
    for (const input of inputs)
      if (!ADDRESS.test(input)) throw new UsageError(`${withoutUserinfo(input)} is no http or https address`)
    const { parse } = await import('./parse.ts')
    setExit(await parse(inputs, options, io))
  })
  fetchOptions(
    recordOptions(
      program
        .command('crawl')
        .description('follow columns from their list pages to every reply; keeps a WARC, writes records as NDJSON')
        .argument('[LIST-URL...]', 'addresses of list pages'),
      'ndjson',
    ),
  )
    .option('--since <date>', 'only replies listed with this date or a later one, YYYY-MM-DD', day)
    .option('--until <date>', 'only replies listed with this date or an earlier one', day)
    .option('--max <n>', 'stop behind so many replies', atLeastOne)
    .option('--pages <n>', 'read so many list pages of a column', atLeastOne)
    .option('--list-only', 'print the links that would be followed, as NDJSON')
    .option('--all', 'follow every item of the lists, not only those that look like replies')
    .action(async (addresses: string[], options: CrawlFlags) => {
      const { crawl } = await import('./crawl.ts')
      setExit(await crawl(addresses, options, io))
    })
  program
    .command('verify')
    .description('derive records anew from their page, or hold a manifest against the disk; name all that differs')
    .argument('[RECORD]', 'a file of records: YAML, JSON or NDJSON')
    .option('--against <page>', 'the page, as it was converted, or an archive (repeatable)', collect)
    .option('--manifest <file>', 'hash inputs and outputs again; list what changed, is missing, or extra')
    .addOption(colorOption())
    .option('-q, --quiet', 'say nothing on standard error')
    .addHelpText(
      'after',
      '\nExit codes: 0 every value holds, 1 some do not, 2 wrong usage, 3 nothing could be compared.',
    )
    .action(async (file: string | undefined, options: VerifyOptions) => {
      const { verify } = await import('./verify.ts')
      setExit(await verify(file, options, io))
    })
  program
    .command('schema')
    .description('print the JSON Schema of a record')
    .action(async () => {
      const { recordSchema } = await import('../record.ts')
      await io.stdout(`${JSON.stringify(recordSchema(), null, 2)}\n`)
    })
  program.usage('[parse] INPUT...  |  dafu COMMAND')
  program.addHelpText('after', () => `\nOptions of parse:${optionsOf(parseCommand)}${EXAMPLES}`)
  return program
}

/** What decides how records are written and what is said of them. */
const recordOptions = (command: Command, defaultFormat: string) =>
  command
    .addOption(
      new Option('-f, --format <format>', `yaml, json or ndjson; default: ${defaultFormat}`).choices([...FORMATS]),
    )
    .option(
      '-o, --output <file>',
      'write to a file, whole or not at all; its ending chooses the format; a folder gets a file for each page',
    )
    .option('--tree', 'nest the blocks and leave out what is empty: a view for eyes')
    .option('--evidence', 'add the proof of every value: text, spans, rules, removed text')
    .option('--errors <file>', 'list the inputs that failed, as NDJSON')
    .option('--fail-fast', 'stop at the first failure')
    .option('--max-errors <n>', 'stop behind so many failures', natural)
    .option('--strict', 'exit with 1 when there are warnings')
    .addOption(colorOption())
    .option('-q, --quiet', 'say nothing on standard error')
    .option('-v, --verbose', 'say more on standard error')

const parseOptions = (command: Command) =>
  recordOptions(command, 'yaml for one input, ndjson for more')
    .option('--encoding <name>', 'overrule the encoding of the page')
    .option('--url <address>', 'the address of the page', nonEmpty)
    .option('--files-from <file>', 'read more inputs from a list, one a line; - for standard input')
    .option('-0, --null', 'the list is parted by NUL')
    .option('--include <glob>', 'of folders, read only such files (repeatable)', collect)
    .option('--exclude <glob>', 'of folders, pass over such files (repeatable)', collect)
    .option('--member <glob>', 'of archives, read only such members (repeatable)', collect)
    .addOption(new Option('--type <format>', 'overrule the detection of the input').choices([...INPUT_FORMATS]))
    .option('--warc-status <codes>', 'HTTP statuses to read from a WARC, with commas', statuses)
    .option('-j, --jobs <n>', 'convert in so many threads, or auto', jobs)
    .option('--timeout-item <seconds>', 'give up a page behind so many seconds', positive)
    .option('--manifest <file>', 'list what became of every page, with the proof, as NDJSON')
    .option('--resume', 'go on from where the manifest ends; with --manifest and -o')
    .option('--retry-errors <file>', 'convert what an error ledger lists')
    .option('--dry-run', 'say what would be read and written')

const fetchOptions = (command: Command) =>
  command
    .option('--warc <prefix>', 'keep what is fetched in PREFIX-00000.warc.gz …, with a journal', nonEmpty)
    .option('--warc-size <bytes>', 'begin the next WARC file behind so many bytes', atLeastOne)
    .addOption(
      new Option(
        '--refresh <when>',
        'ask again for pages that are kept: never, if-modified (default) or always',
      ).choices(['never', 'if-modified', 'always']),
    )
    .option('--delay <seconds>', 'pause between two requests to a host (default: 1)', seconds)
    .option('--timeout <seconds>', 'for a whole answer (default: 60)', positive)
    .option('--retries <n>', 'further tries when one fails for a reason that may pass (default: 3)', natural)
    .option('--from <address>', 'an e-mail address that tells the server who asks', mail)
    .option('--ca <file>', 'trust the certificates in this file too, PEM')
    .option('--allow-private', 'fetch from private addresses too, wherever they are linked')

const optionsOf = (command: Command) =>
  command
    .helpInformation()
    .split('\nOptions:')[1]
    ?.replace(/\n {2}-h, --help[^\n]*/, '') ?? ''

/** A lone word that is no file, but nearly a command, is a slip of the pen. */
async function checkCommand(program: Command, inputs: readonly string[]): Promise<void> {
  const [word] = inputs
  if (word === undefined || inputs.length > 1 || !/^[a-z]+$/.test(word) || existsSync(word)) return
  const { distance } = await import('fastest-levenshtein')
  const near = program.commands.find((command) => distance(command.name(), word) <= 2)
  if (near) throw new UsageError(`there is no file ${word}; did you mean the command ${near.name()}?`)
}

const colorOption = () =>
  new Option('--color <when>', 'colour messages: auto, always or never')
    .choices(['auto', 'always', 'never'])
    .default('auto')

const number = (pattern: RegExp, words: string) => (value: string) => {
  if (!pattern.test(value)) throw new InvalidArgumentError(words)
  return Number(value)
}
const positive = number(/^(?!0+(?:\.0*)?$)\d+(?:\.\d+)?$/, 'Give a number of seconds.')
const seconds = number(/^\d+(?:\.\d+)?$/, 'Give a number of seconds.')
const natural = number(/^\d+$/, 'Give a number.')
const atLeastOne = number(/^[1-9]\d*$/, 'Give a number, 1 or more.')
const jobs = (value: string) =>
  value === 'auto' ? value : number(/^[1-9]\d{0,2}$/, 'Give a number from 1 to 999, or auto.')(value)

const collect = (value: string, before: readonly string[] = []) => [...before, value]

function statuses(value: string): ReadonlySet<number> {
  if (!/^[1-5]\d\d(?:,[1-5]\d\d)*$/.test(value)) throw new InvalidArgumentError('Give three-digit codes: 200,404.')
  return new Set(value.split(',').map(Number))
}

function day(value: string): string {
  if (!/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/.test(value))
    throw new InvalidArgumentError('Give a day: 2021-04-30.')
  return value
}

function mail(value: string): string {
  if (!/^[\x21-\x7e]+@[\x21-\x7e]+$/.test(value)) throw new InvalidArgumentError('Give an e-mail address.')
  return value
}

function nonEmpty(value: string): string {
  if (value === '') throw new InvalidArgumentError('It is empty.')
  return value
}
