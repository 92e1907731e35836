import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { AiProblem } from '../../ai-problem.ts'
import type { ChatEvent } from '../../chat/answer.ts'
import { RequestFault } from '../../chat/request-fault.ts'
import type { CallerDialect, ModelTraits, ProviderDialect } from '../../dialect.ts'

/** What every dialect is tried with, in the words of none. */
const SHARED = new URL('../../chat/goldens/', import.meta.url)

const MODEL: ModelTraits = { model: 'model-1', hasStreamOptions: true }
const META = { requestId: 'request-1', model: 'my-model', createdAt: 1_767_225_600 }

const list = (folder: URL): string[] => (existsSync(folder) ? readdirSync(folder).sort() : [])
const readText = (file: URL): string => readFileSync(file, 'utf8')
const toYaml = (value: unknown): string => stringify(value, { lineWidth: 0 })

/** What comes out, or why nothing does. */
const attempt = (work: () => unknown): unknown => {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof RequestFault)) throw error
    return { fault: { param: error.param, message: error.message } }
  }
}

const expectGolden = (text: string, folder: URL, file: string) =>
  expect(text).toMatchFileSnapshot(fileURLToPath(new URL(file, folder)))

/**
 * Declares a test for each of the shared inputs: what comes of `x.yaml` is `<kind>-x.out.yaml`, or
 * `.txt` for text.
 */
const testShared = (
  folder: URL,
  { kind, inputs }: { readonly kind: string; readonly inputs: string },
  convert: (input: never) => unknown,
): void => {
  const from = new URL(`${inputs}/`, SHARED)
  const names = list(from).map((file) => file.replace(/\.yaml$/, ''))
  test.each(names)(`${kind}-%s`, async (name) => {
    const input = parse(readText(new URL(`${name}.yaml`, from))) as never
    const result = attempt(() => convert(input))
    const [text, ext] = typeof result === 'string' ? [result, 'txt'] : [toYaml(result), 'yaml']
    await expectGolden(text, folder, `${kind}-${name}.out.${ext}`)
  })
}

/** Declares a test for each `<kind>-x.in.<ext>` of a folder; `<kind>-x.out.yaml` comes of it. */
const testOwn = (folder: URL, kind: string, convert: (input: never) => unknown): void => {
  const inputs = list(folder).filter((file) => file.startsWith(`${kind}-`) && file.includes('.in.'))
  test.each(inputs)('%s', async (file) => {
    const text = readText(new URL(file, folder))
    const input = file.endsWith('.yaml') ? parse(text) : text
    const result = attempt(() => convert(input as never))
    await expectGolden(toYaml(result), folder, file.replace(/\.in\..*$/, '.out.yaml'))
  })
}

/** @param file text; of a binary format, in base64 */
const toChunks = (file: string, isBinary: boolean): string =>
  Buffer.from(file, isBinary ? 'base64' : 'utf8').toString('latin1')

const decodeStream = (dialect: ProviderDialect, chunks: Iterable<string>): ChatEvent[] => {
  const decoder = dialect.chat.createStreamDecoder()
  return Array.from(chunks).flatMap((chunk) => [...decoder.push(chunk)])
}

/**
 * Declares the tests of a provider's dialect: `request-x.out.yaml` and `stream-request-x.out.yaml`
 * of each shared request, and of each recorded word of the provider what is read from it
 * (`answer-x.in.yaml`, `stream-x.in.txt` or `.b64`, `error-x.in.yaml`).
 */
export const testProviderDialect = (folder: URL, dialect: ProviderDialect): void => {
  const { chat } = dialect
  const isBinary = !chat.streamType.startsWith('text/')
  testShared(folder, { kind: 'request', inputs: 'requests' }, (request) =>
    chat.encode(request, MODEL),
  )
  testShared(folder, { kind: 'stream-request', inputs: 'stream-requests' }, (request) =>
    chat.encodeStream(request, MODEL),
  )
  testOwn(folder, 'answer', (json) => chat.decode(json))
  testOwn(folder, 'stream', (file) => {
    const text = toChunks(file, isBinary)
    const events = decodeStream(dialect, [text])
    // However it is cut.
    expect(decodeStream(dialect, text)).toEqual(events)
    return events
  })
  testOwn(folder, 'error', (json) => dialect.readErrorMessage(json) ?? null)
}

/**
 * Declares the tests of a caller's dialect: what is read of each `call-x.in.yaml`, and
 * `reply-x.out.yaml` and `reply-stream-x.out.txt` of each shared answer and stream.
 */
export const testCallerDialect = (folder: URL, dialect: CallerDialect): void => {
  testOwn(folder, 'call', (body) => dialect.decodeRequest(body))
  testShared(folder, { kind: 'reply', inputs: 'answers' }, (answer) =>
    dialect.encodeAnswer(answer, META),
  )
  testShared(folder, { kind: 'reply-stream', inputs: 'streams' }, (events: ChatEvent[]) => {
    const encoder = dialect.createStreamEncoder(META, true)
    return events.map((event) => encoder.push(event)).join('')
  })
  test('problems', async () => {
    const problem = new AiProblem('invalid_value', "'n' must be 1.", { param: 'n' })
    const text = `${dialect.encodeProblem(problem)}\n${dialect.encodeProblemEvent(problem)}`
    await expectGolden(text, folder, 'problem.out.txt')
  })
}
