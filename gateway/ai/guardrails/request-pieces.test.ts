import { expect, test } from 'vitest'
import { z } from 'zod'
import type { CompiledGuardrail } from '#config/compiled/guardrail.ts'
import type { ChatRequest, FilePart, Tool, UserPart } from '../chat/request.ts'
import { createGuard } from './guard.ts'
import { holdsPii } from './holds-pii.ts'
import { noJudge, PII, requestOf, rule, user } from './testing/guardrails.ts'

const check = (guardrail: CompiledGuardrail, request: ChatRequest) =>
  createGuard([guardrail], { judge: noJudge }).checkRequest(request)

const mask = async (request: ChatRequest): Promise<ChatRequest> => {
  const checked = await check(rule(PII), request)
  if (checked.blocked) throw new Error(checked.blocked.message)
  return checked.request
}

const withTool = (tool: Partial<Tool>): ChatRequest => ({
  ...requestOf(user('hi')),
  tools: [{ name: 't', parameters: {}, ...tool }],
})

const withSchema = (schema: Tool['parameters']): ChatRequest => ({
  ...requestOf(user('hi')),
  output: { type: 'schema', name: 'o', schema },
})

const fileOf = (mediaType: string, bytes: Buffer, name = 'notes'): FilePart => ({
  type: 'file',
  name,
  source: { type: 'base64', mediaType, data: bytes.toString('base64') },
})

const withParts = (...parts: UserPart[]): ChatRequest => requestOf({ role: 'user', parts })

const describe = (description: string) => ({
  type: 'object',
  properties: { to: { type: 'string', description } },
})

const MAIL = 'ann@b.co'
const UTF_16 = Buffer.from(`\ufeff${MAIL}`, 'utf16le')

const MASKABLE: [string, ChatRequest][] = [
  ['the description of a tool', withTool({ description: `for ${MAIL}` })],
  ['a description in its schema', withTool({ parameters: describe(MAIL) })],
  ['a default', withTool({ parameters: { properties: { to: { default: MAIL } } } })],
  ['examples', withTool({ parameters: { examples: [{ to: [MAIL] }] } })],
  [
    'the description of the answer',
    {
      ...requestOf(),
      output: { type: 'schema', name: 'o', description: MAIL, schema: {} },
    },
  ],
  ['the schema of the answer', withSchema(describe(MAIL))],
  ['the user', { ...requestOf(), user: MAIL }],
  ['a file of text', withParts(fileOf('text/plain; charset=utf-8', Buffer.from(MAIL)))],
  ['a file of text in UTF-16', withParts(fileOf('text/plain', UTF_16))],
  ['a file of JSON', withParts(fileOf('application/json', Buffer.from('["ann\\u0040b.co"]')))],
  ['the name of a file', withParts(fileOf('application/pdf', Buffer.from(''), MAIL))],
  [
    'arguments',
    requestOf({
      role: 'assistant',
      parts: [{ type: 'toolCall', id: 'c', name: 'f', arguments: '["ann\\u0040b.co"]' }],
    }),
  ],
]

const FIXED: [string, ChatRequest][] = [
  ['the name of a tool', withTool({ name: MAIL })],
  ['the name of an argument', withTool({ parameters: { properties: { [MAIL]: {} } } })],
  ['a member named like another', withTool({ parameters: { properties: { title: [MAIL] } } })],
  ['a word that nobody knows', withTool({ parameters: { 'x-owner': MAIL } })],
  ['a name within a value', withTool({ parameters: { default: { [MAIL]: 1 } } })],
  ['a number', withTool({ parameters: { enum: [4111111111111111] } })],
  ['what an answer must have', withSchema({ required: [MAIL] })],
  ['what ends an answer', { ...requestOf(), stop: ['a', MAIL] }],
]

test.each([...MASKABLE, ...FIXED])('is looked at: %s', async (_what, request) => {
  expect((await check(rule(PII, 'Block'), request)).blocked?.rule).toBe('pii')
  const audited = await check(rule(PII, 'Audit'), request)
  expect(audited.findings).toHaveLength(1)
  expect('request' in audited && audited.request).toEqual(request)
  expect(holdsPii(request, ['Email', 'CreditCard'])).toBe(true)
  expect(holdsPii(request, ['IBAN'])).toBe(false)
})

test.each(MASKABLE)('is masked: %s', async (_what, request) => {
  const masked = await mask(request)
  expect(masked).not.toEqual(request)
  expect(holdsPii(masked, ['Email'])).toBe(false)
})

test.each(FIXED)('is blocked where no mask can stand: %s', async (_what, request) => {
  expect((await check(rule(PII), request)).blocked?.rule).toBe('pii')
})

test('a schema is masked where only the model reads it', async () => {
  const parameters = {
    type: 'object',
    title: MAIL,
    properties: { title: { type: 'string', enum: [MAIL, 'x'] } },
    required: ['title'],
  }
  expect((await mask(withTool({ parameters }))).tools[0]?.parameters).toEqual({
    type: 'object',
    title: '[EMAIL_1]',
    properties: { title: { type: 'string', enum: ['[EMAIL_1]', 'x'] } },
    required: ['title'],
  })
})

test('a file is written back with masks in it, and untouched without', async () => {
  const plain = fileOf('text/plain', Buffer.from([0x61, 0xff]))
  const request = withParts(fileOf('text/markdown', Buffer.from(`= ${MAIL} ü`)), plain)
  expect((await mask(request)).messages).toEqual(
    withParts(fileOf('text/markdown', Buffer.from('= [EMAIL_1] ü')), plain).messages,
  )
})

test('schemas as tools have them hold nothing', async () => {
  const parameters = z.toJSONSchema(
    z.object({
      mail: z.email(),
      time: z.iso.datetime(),
      address: z.ipv4(),
      other: z.ipv6(),
      id: z.uuid(),
      link: z.url(),
      count: z.int(),
      key: z.base64url().describe('what opens it'),
    }),
  )
  const request = withTool({ parameters, name: 'mcp__google_calendar__list_events_2025_11_22' })
  const checked = await check(rule(PII, 'Block'), request)
  expect(checked.blocked).toBeUndefined()
})

test('words of schemas themselves are none of the caller', async () => {
  const topics = rule({ type: 'topics', deny: ['object', 'properties'] }, 'Block')
  expect((await check(topics, withTool({ parameters: describe('x') }))).blocked).toBeUndefined()
})
