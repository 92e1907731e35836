import { at, parseFrames } from './events.ts'
import { all, join, PIXEL, parametersOf, toCall, toUsage, type Voice } from './voice.ts'

export const bedrock: Voice = {
  name: 'Bedrock converse',
  finishes: { stop: 'end_turn', length: 'max_tokens', tool: 'tool_use' },
  parse: parseFrames,
  ask: ({ text, model = 'mock.model-v1:0', stream, tool, schema, maxTokens, image }) => ({
    path: `/model/${encodeURIComponent(model)}/${stream ? 'converse-stream' : 'converse'}`,
    body: {
      messages: [
        {
          role: 'user',
          content: [
            { text },
            ...(image ? [{ image: { format: 'png', source: { bytes: PIXEL } } }] : []),
          ],
        },
      ],
      inferenceConfig: { maxTokens },
      toolConfig: tool && {
        tools: [{ toolSpec: { name: tool, inputSchema: { json: parametersOf } } }],
      },
      outputConfig: schema && {
        textFormat: {
          type: 'json_schema',
          structure: { jsonSchema: { name: 'answer', schema: JSON.stringify(schema) } },
        },
      },
    },
  }),
  hear(document) {
    const block = at(document, 'output.message.content.0')
    return {
      text: join([at(block, 'text')]),
      ...toCall(at(block, 'toolUse.name'), JSON.stringify(at(block, 'toolUse.input'))),
      finish: at(document, 'stopReason'),
      ...toUsage(at(document, 'usage'), 'inputTokens', 'outputTokens'),
    }
  },
  hearStream: (events) => ({
    text: join(all(events, 'delta.text')),
    ...toCall(all(events, 'start.toolUse.name')[0], join(all(events, 'delta.toolUse.input'))),
    finish: all(events, 'stopReason')[0],
    ...toUsage(all(events, 'usage')[0], 'inputTokens', 'outputTokens'),
  }),
  isError: ({ name }) => name === 'modelStreamErrorException',
}
