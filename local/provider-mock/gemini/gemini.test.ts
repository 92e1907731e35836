import { expect, test } from 'vitest'
import { at, parseSse } from '../testing/events.ts'
import { CREDENTIALS, startTestMock } from '../testing/mock.ts'

const hi = { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] }
const path = (verb: string, model = 'gemini-mock') => `/v1beta/models/${model}:${verb}`

test('a response has the fields of the real one', async () => {
  await using mock = await startTestMock()
  const response = await mock.send(path('generateContent'), hi)
  expect(await response.json()).toEqual({
    candidates: [
      {
        content: { parts: [{ text: 'You said: hi' }], role: 'model' },
        finishReason: 'STOP',
        index: 0,
      },
    ],
    usageMetadata: {
      promptTokenCount: 1,
      candidatesTokenCount: 3,
      totalTokenCount: 4,
      promptTokensDetails: [{ modality: 'TEXT', tokenCount: 1 }],
    },
    modelVersion: 'gemini-mock',
    responseId: expect.any(String),
  })
})

test('the model is echoed whole, with its steering', async () => {
  await using mock = await startTestMock()
  const response = await mock.send(path('generateContent', 'm%3Ftokens=1'), hi)
  expect(await response.json()).toMatchObject({
    candidates: [{ content: { parts: [{ text: 'one' }] } }],
    modelVersion: 'm?tokens=1',
  })
})

test('events end with CR LF, and every one has the usage so far', async () => {
  await using mock = await startTestMock()
  const response = await mock.send(path('streamGenerateContent?alt=sse'), hi)
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  const text = await response.text()
  expect(text).toMatch(/^data: \{.*\}\r\n\r\n/)
  const chunks = parseSse(text)
  const counts = chunks.map(({ data }) => at(data, 'usageMetadata.candidatesTokenCount'))
  expect(counts).toEqual([1, 3, 3, 3])
  expect(chunks.map(({ data }) => at(data, 'candidates.0.finishReason'))).toEqual([
    undefined,
    undefined,
    undefined,
    'STOP',
  ])
})

test('without alt=sse a stream is one array', async () => {
  await using mock = await startTestMock()
  const response = await mock.send(path('streamGenerateContent'), hi)
  expect(response.headers.get('content-type')).toBe('application/json')
  const chunks = (await response.json()) as { candidates: object[] }[]
  expect(chunks).toHaveLength(4)
  expect(chunks[0]?.candidates).toMatchObject([{ content: { parts: [{ text: 'You' }] } }])
})

test('a call is told whole, and what the function gave is answered in words', async () => {
  await using mock = await startTestMock()
  const contents = [{ role: 'user', parts: [{ text: 'call weather {"city":"Oslo"}' }] }]
  const tools = [{ functionDeclarations: [{ name: 'weather' }] }]
  const call = await mock.send(path('generateContent'), { contents, tools })
  const functionCall = { name: 'weather', args: { city: 'Oslo' } }
  expect(await call.json()).toMatchObject({
    candidates: [{ content: { parts: [{ functionCall }] }, finishReason: 'STOP' }],
  })
  const functionResponse = { name: 'weather', response: { sky: 'clear' } }
  const more = [
    { role: 'model', parts: [{ functionCall }] },
    { role: 'user', parts: [{ functionResponse }] },
  ]
  const end = await mock.send(path('generateContent'), { contents: [...contents, ...more], tools })
  expect(await end.json()).toMatchObject({
    candidates: [{ content: { parts: [{ text: 'The tool said: {"sky":"clear"}' }] } }],
  })
})

test('the older kind of schema, with types in capitals, is met too', async () => {
  await using mock = await startTestMock()
  const responseSchema = { type: 'OBJECT', properties: { city: { type: 'STRING' } } }
  const generationConfig = { responseMimeType: 'application/json', responseSchema }
  const response = await mock.send(path('generateContent'), { ...hi, generationConfig })
  expect(await response.json()).toMatchObject({
    candidates: [{ content: { parts: [{ text: '{"city":"text"}' }] } }],
  })
})

test('tokens are counted for contents or for a whole request', async () => {
  await using mock = await startTestMock()
  const counted = {
    totalTokens: 1,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: 1 }],
  }
  for (const body of [hi, { generateContentRequest: { model: 'models/m', ...hi } }]) {
    expect(await (await mock.send(path('countTokens'), body)).json()).toEqual(counted)
  }
})

test('one text or a batch is embedded', async () => {
  await using mock = await startTestMock()
  const request = { content: { parts: [{ text: 'hi' }] }, outputDimensionality: 3 }
  const values = [expect.any(Number), expect.any(Number), expect.any(Number)]
  const one = await mock.send(path('embedContent'), request)
  expect(await one.json()).toEqual({
    embedding: { values },
    usageMetadata: { promptTokenCount: 1 },
  })
  const batch = await mock.send(path('batchEmbedContents'), { requests: [request, request] })
  expect(await batch.json()).toEqual({
    embeddings: [{ values }, { values }],
    usageMetadata: { promptTokenCount: 2 },
  })
})

test('the key may be in the query', async () => {
  await using mock = await startTestMock()
  const { 'x-goog-api-key': _, ...headers } = CREDENTIALS
  expect((await mock.send(path('generateContent'), hi, { headers })).status).toBe(401)
  expect((await mock.send(path('generateContent?key=k'), hi, { headers })).status).toBe(200)
  expect((await mock.send(path('generateContent?key=wrong'), hi, { headers })).status).toBe(401)
})

test('the error of a limit says in its details when to try again', async () => {
  await using mock = await startTestMock()
  const model = encodeURIComponent('m?status=429&retry-after=7')
  const response = await mock.send(path('generateContent', model), hi)
  expect(response.headers.get('retry-after')).toBe('7')
  expect(await response.json()).toEqual({
    error: {
      code: 429,
      message: expect.any(String),
      status: 'RESOURCE_EXHAUSTED',
      details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '7s' }],
    },
  })
})
