import { describe, expect, test } from 'vitest'
import { CREDENTIALS, PATIENTLY, readBroken, startTestMock } from './testing/mock.ts'
import { VOICES } from './testing/voices.ts'

type Mock = Awaited<ReturnType<typeof startTestMock>>

/** Answered by the mock after the requests before it were: those still open hang. */
const passTime = async (mock: Mock) => {
  const response = await mock.send('/v1/embeddings', { model: 'm', input: 'x' })
  await response.text()
}

/** Whether a promise is still undecided once the mock has answered another request. */
const isPending = async (mock: Mock, promise: Promise<unknown>): Promise<boolean> => {
  const decided = promise.then(
    () => false,
    () => false,
  )
  await passTime(mock)
  return await Promise.race([decided, Promise.resolve(true)])
}

describe.each(VOICES)('$name', (voice) => {
  const stream = (steering: string, text = 'one two three four') =>
    voice.ask({ text, model: `m?${steering}`, stream: true })

  test('hang=head: never answers, and notices that the client left', async () => {
    await using mock = await startTestMock()
    const { path, body } = stream('hang=head')
    const leave = new AbortController()
    const answer = mock.send(path, body, { signal: leave.signal })
    await expect.poll(() => mock.seen.length, PATIENTLY).toBe(1)
    expect(await isPending(mock, answer)).toBe(true)
    expect(mock.seen[0]?.aborted).toBe(false)
    leave.abort()
    await expect(answer).rejects.toThrow()
    await expect.poll(() => mock.seen[0]?.aborted, PATIENTLY).toBe(true)
  })

  test('hang=3: silence after three chunks', async () => {
    await using mock = await startTestMock()
    const { path, body } = stream('hang=3')
    const response = await mock.send(path, body)
    const reader = response.body!.getReader()
    const pieces: Uint8Array[] = []
    const events = () => voice.parse(Buffer.concat(pieces))
    while (pieces.length === 0 || events().length < 3) pieces.push((await reader.read()).value!)
    const next = reader.read()
    expect(await isPending(mock, next)).toBe(true)
    expect(events()).toHaveLength(3)
    await reader.cancel()
    await expect.poll(() => mock.seen[0]?.aborted, PATIENTLY).toBe(true)
  })

  test('hang=body: a head and nothing else, streamed or not', async () => {
    await using mock = await startTestMock()
    for (const isStream of [true, false]) {
      const asked = voice.ask({ text: 'hi', model: 'm?hang=body', stream: isStream })
      const response = await mock.send(asked.path, asked.body)
      expect(response.status).toBe(200)
      const reader = response.body!.getReader()
      expect(await isPending(mock, reader.read())).toBe(true)
      await reader.cancel()
    }
  })

  test('cut=3: the connection breaks after three chunks, which is no leaving of the client', async () => {
    await using mock = await startTestMock()
    const { path, body } = stream('cut=3')
    const { bytes, isBroken } = await readBroken(await mock.send(path, body))
    expect(isBroken).toBe(true)
    expect(voice.parse(bytes)).toHaveLength(3)
    await passTime(mock)
    expect(mock.seen[0]?.aborted).toBe(false)
  })

  test('cut: half the body of what is no stream', async () => {
    await using mock = await startTestMock()
    const { path, body } = voice.ask({ text: 'hi', model: 'm?cut=1' })
    const response = await mock.send(path, body)
    const { bytes, isBroken } = await readBroken(response)
    expect(isBroken).toBe(true)
    expect(bytes.length).toBe(Number(response.headers.get('content-length')) >> 1)
  })

  test('error-event=3: the error of the provider in place of the rest', async () => {
    await using mock = await startTestMock()
    const whole = stream('')
    const { path, body } = stream('error-event=3')
    const response = await mock.send(path, body)
    expect(response.status).toBe(200)
    const events = voice.parse(Buffer.from(await response.arrayBuffer()))
    const all = voice.parse(
      Buffer.from(await (await mock.send(whole.path, whole.body)).arrayBuffer()),
    )
    expect(events.slice(0, 3).map(({ name }) => name)).toEqual(
      all.slice(0, 3).map(({ name }) => name),
    )
    expect(events.slice(0, 3).some((event) => voice.isError(event))).toBe(false)
    expect(events.slice(3).some((event) => voice.isError(event))).toBe(true)
    // The error, and at most one event to close with.
    expect(events.length).toBeLessThanOrEqual(5)
    expect(all.length).toBeGreaterThan(5)
  })

  test('malformed: broken JSON, in the body or in one chunk', async () => {
    await using mock = await startTestMock()
    const plain = voice.ask({ text: 'hi', model: 'm?malformed' })
    const text = await (await mock.send(plain.path, plain.body)).text()
    expect(() => JSON.parse(text)).toThrow()
    const { path, body } = stream('malformed')
    const bytes = Buffer.from(await (await mock.send(path, body)).arrayBuffer())
    expect(() => voice.parse(bytes)).toThrow(SyntaxError)
  })

  test('split: pieces of at most seven bytes that make the same whole', async () => {
    await using mock = await startTestMock()
    const { path, body } = stream('split', '✓✓✓ ✓✓✓ ✓✓✓')
    const pieces = await mock.receive(path, body)
    expect(Math.max(...pieces.map((piece) => piece.length))).toBe(7)
    const { text } = voice.hearStream(voice.parse(Buffer.concat(pieces)))
    expect(text).toBe('You said: ✓✓✓ ✓✓✓ ✓✓✓')
  })

  test('latency comes before the head and pace between the chunks', async () => {
    await using mock = await startTestMock()
    const slow = stream('latency=60')
    const start = performance.now()
    await mock.send(slow.path, slow.body)
    expect(performance.now() - start).toBeGreaterThan(55)
    const { path, body } = stream('pace=15&tokens=6')
    const response = await mock.send(path, body)
    const head = performance.now()
    const bytes = Buffer.from(await response.arrayBuffer())
    const pauses = voice.parse(bytes).length - 1
    expect(performance.now() - head).toBeGreaterThan(pauses * 13)
  })

  test('a client that leaves a slow stream is noticed', async () => {
    await using mock = await startTestMock()
    const { path, body } = stream('pace=40&tokens=1000')
    const response = await mock.send(path, body)
    const reader = response.body!.getReader()
    await reader.read()
    await reader.cancel()
    await expect.poll(() => mock.seen[0]?.aborted, PATIENTLY).toBe(true)
  })

  test('times=2: two requests meet the fault, the others do not, until reset', async () => {
    await using mock = await startTestMock()
    const { path, body } = voice.ask({ text: 'hi', model: 'm?status=503&times=2' })
    const statuses = async () => {
      const answers = []
      for (let i = 0; i < 3; i += 1) answers.push((await mock.send(path, body)).status)
      return answers
    }
    expect(await statuses()).toEqual([503, 503, 200])
    expect(await statuses()).toEqual([200, 200, 200])
    mock.reset()
    expect(await statuses()).toEqual([503, 503, 200])
  })

  test('headers steer as the name of the model does, and the name comes first', async () => {
    await using mock = await startTestMock()
    const headers = { ...CREDENTIALS, 'x-mock-status': '500' }
    const plain = voice.ask({ text: 'hi' })
    expect((await mock.send(plain.path, plain.body, { headers })).status).toBe(500)
    expect((await mock.send(plain.path, plain.body)).status).toBe(200)
    const named = voice.ask({ text: 'hi', model: 'm?status=429' })
    expect((await mock.send(named.path, named.body, { headers })).status).toBe(429)
  })

  test('an unknown key or an impossible value is refused by name', async () => {
    await using mock = await startTestMock()
    for (const [steering, key] of [
      ['latncy=5', 'latncy'],
      ['cut=soon', 'cut'],
      ['status=200', 'status'],
    ] as const) {
      const { path, body } = stream(steering)
      const response = await mock.send(path, body)
      expect(response.status).toBe(400)
      expect(await response.text()).toContain(`\\"${key}\\"`)
    }
  })
})
