import { at } from './events.ts'
import { all, join, PIXEL, parametersOf, parseText, toCall, toUsage, type Voice } from './voice.ts'

export const cohere: Voice = {
  name: 'Cohere chat',
  finishes: { stop: 'COMPLETE', length: 'MAX_TOKENS', tool: 'TOOL_CALL' },
  parse: parseText,
  ask: ({ text, model = 'command-mock', stream, tool, schema, maxTokens, image }) => ({
    path: '/v2/chat',
    body: {
      model,
      messages: [
        {
          role: 'user',
          content: image
            ? [
                { type: 'text', text },
                { type: 'image_url', image_url: { url: `data:image/png;base64,${PIXEL}` } },
              ]
            : text,
        },
      ],
      stream,
      max_tokens: maxTokens,
      tools: tool && [{ type: 'function', function: { name: tool, parameters: parametersOf } }],
      response_format: schema && { type: 'json_object', json_schema: schema },
    },
  }),
  hear(document) {
    const called = at(document, 'message.tool_calls.0.function')
    return {
      text: join([at(document, 'message.content.0.text')]),
      ...toCall(at(called, 'name'), String(at(called, 'arguments'))),
      finish: at(document, 'finish_reason'),
      ...toUsage(at(document, 'usage.tokens'), 'input_tokens', 'output_tokens'),
    }
  },
  hearStream(events) {
    const path = 'delta.message.tool_calls.function'
    return {
      text: join(all(events, 'delta.message.content.text')),
      ...toCall(all(events, `${path}.name`)[0], join(all(events, `${path}.arguments`))),
      finish: all(events, 'delta.finish_reason')[0],
      ...toUsage(all(events, 'delta.usage.tokens')[0], 'input_tokens', 'output_tokens'),
    }
  },
  isError: ({ name, data }) =>
    name === 'message-end' && at(data, 'delta.finish_reason') === 'ERROR',
}
