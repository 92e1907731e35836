import { at } from './events.ts'
import { all, join, PIXEL, parseText, toCall, toUsage, type Voice } from './voice.ts'

const STREAM = 'streamGenerateContent?alt=sse'

export const gemini: Voice = {
  name: 'Gemini',
  finishes: { stop: 'STOP', length: 'MAX_TOKENS', tool: 'STOP' },
  parse: parseText,
  ask: ({ text, model = 'gemini-mock', stream, tool, schema, maxTokens, image }) => ({
    path: `/v1beta/models/${encodeURIComponent(model)}:${stream ? STREAM : 'generateContent'}`,
    body: {
      contents: [
        {
          role: 'user',
          parts: [
            { text },
            ...(image ? [{ inlineData: { mimeType: 'image/png', data: PIXEL } }] : []),
          ],
        },
      ],
      tools: tool && [{ functionDeclarations: [{ name: tool }] }],
      generationConfig: {
        maxOutputTokens: maxTokens,
        ...(schema && { responseMimeType: 'application/json', responseJsonSchema: schema }),
      },
    },
  }),
  hear: (document) => gemini.hearStream([{ name: undefined, data: document }]),
  hearStream(events) {
    const [called] = all(events, 'candidates.0.content.parts.0.functionCall')
    return {
      text: join(all(events, 'candidates.0.content.parts.0.text')),
      ...toCall(at(called, 'name'), JSON.stringify(at(called, 'args'))),
      finish: all(events, 'candidates.0.finishReason')[0],
      ...toUsage(all(events, 'usageMetadata').at(-1), 'promptTokenCount', 'candidatesTokenCount'),
    }
  },
  isError: ({ data }) => at(data, 'error.status') === 'UNAVAILABLE',
}
