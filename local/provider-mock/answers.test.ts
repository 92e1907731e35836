import { describe, expect, test } from 'vitest'
import { startTestMock } from './testing/mock.ts'
import type { Ask, Heard, Voice } from './testing/voice.ts'
import { VOICES } from './testing/voices.ts'

type Mock = Awaited<ReturnType<typeof startTestMock>>

/** Asks and hears, streamed or not. */
const talk = async (mock: Mock, voice: Voice, ask: Ask): Promise<Heard> => {
  const { path, body } = voice.ask(ask)
  const response = await mock.send(path, body)
  expect(response.status).toBe(200)
  if (!ask.stream) return voice.hear(await response.json())
  return voice.hearStream(voice.parse(Buffer.from(await response.arrayBuffer())))
}

const SCHEMA = {
  type: 'object',
  properties: {
    city: { type: 'string' },
    size: { enum: ['small', 'large'] },
    days: { type: 'array', items: { type: 'integer' } },
    isOpen: { type: 'boolean' },
  },
  required: ['city'],
}

describe.each(VOICES)('$name', (voice) => {
  describe.each([false, true])('streamed: %s', (stream) => {
    test('echoes the user and counts a token for every four characters', async () => {
      await using mock = await startTestMock()
      const heard = await talk(mock, voice, { text: 'hé you ✓', stream })
      const { stop } = voice.finishes
      expect(heard).toEqual({ text: 'You said: hé you ✓', finish: stop, usage: [2, 5] })
    })

    test('stops at the limit of tokens', async () => {
      await using mock = await startTestMock()
      const heard = await talk(mock, voice, { text: 'good morning', maxTokens: 3, stream })
      const { length } = voice.finishes
      expect(heard).toEqual({ text: 'You said: go', finish: length, usage: [3, 3] })
    })

    test('calls an offered tool', async () => {
      await using mock = await startTestMock()
      const input = { city: 'Tromsø', days: [1, 2] }
      const text = `call weather ${JSON.stringify(input)}`
      const heard = await talk(mock, voice, { text, tool: 'weather', stream })
      const { tool } = voice.finishes
      expect(heard).toEqual({
        text: '',
        call: { name: 'weather', input },
        finish: tool,
        usage: [11, 8],
      })
    })

    test('does not call what was not offered', async () => {
      await using mock = await startTestMock()
      const heard = await talk(mock, voice, { text: 'call home {}', tool: 'weather', stream })
      expect(heard.call).toBeUndefined()
      expect(heard.text).toBe('You said: call home {}')
    })

    test('fits the schema', async () => {
      await using mock = await startTestMock()
      const { text } = await talk(mock, voice, { text: 'hi', schema: SCHEMA, stream })
      expect(JSON.parse(text)).toEqual({ city: 'text', size: 'small', days: [1], isOpen: true })
    })

    test('counts an image', async () => {
      await using mock = await startTestMock()
      const heard = await talk(mock, voice, { text: 'look', image: true, stream })
      expect(heard).toMatchObject({ text: 'You said: look', usage: [86, 4] })
    })

    test('says as many words as steering asks for, each of them a token', async () => {
      await using mock = await startTestMock()
      const heard = await talk(mock, voice, { text: 'hi', model: 'm?tokens=25', stream })
      expect(heard.text.split(' ')).toHaveLength(25)
      expect(heard.usage).toEqual([1, 25])
    })

    test('leaves usage out, or tells it wrong, when steering wants it', async () => {
      await using mock = await startTestMock()
      const none = await talk(mock, voice, { text: 'hi', model: 'm?usage=none', stream })
      expect(none).not.toHaveProperty('usage')
      const wrong = await talk(mock, voice, { text: 'hi', model: 'm?usage=wrong', stream })
      expect(wrong.usage?.[0]).toBeGreaterThan(100_000)
      expect(wrong.usage?.[1]).toBeGreaterThan(100_000)
    })

    test('is the same every time, ids included', async () => {
      const answer = async () => {
        await using mock = await startTestMock()
        const { path, body } = voice.ask({ text: 'call weather {}', tool: 'weather', stream })
        const response = await mock.send(path, body)
        const headers = [...response.headers].filter(([name]) => name !== 'date')
        return [headers, await response.text()]
      }
      expect(await answer()).toEqual(await answer())
    })
  })

  test('streams word by word', async () => {
    await using mock = await startTestMock()
    const { path, body } = voice.ask({ text: 'hi', model: 'm?tokens=7', stream: true })
    const response = await mock.send(path, body)
    const whole = Buffer.from(await response.arrayBuffer()).toString('latin1')
    for (const word of ['one', ' two', ' six', ' ten', ' all', ' and', ' few']) {
      expect(whole).toContain(`"${word}"`)
    }
  })
})
