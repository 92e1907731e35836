import { at } from './events.ts'
import {
  all,
  join,
  named,
  PIXEL,
  parametersOf,
  parseText,
  toCall,
  toUsage,
  type Voice,
} from './voice.ts'

export const anthropic: Voice = {
  name: 'Anthropic messages',
  finishes: { stop: 'end_turn', length: 'max_tokens', tool: 'tool_use' },
  parse: parseText,
  ask: ({ text, model = 'claude-mock', stream, tool, schema, maxTokens = 1000, image }) => ({
    path: '/v1/messages',
    body: {
      model,
      max_tokens: maxTokens,
      messages: [
        {
          role: 'user',
          content: image
            ? [
                { type: 'text', text },
                {
                  type: 'image',
                  source: { type: 'base64', media_type: 'image/png', data: PIXEL },
                },
              ]
            : text,
        },
      ],
      stream,
      tools: tool && [{ name: tool, input_schema: parametersOf }],
      output_config: schema && { format: { type: 'json_schema', schema } },
    },
  }),
  hear: (document) => ({
    text: join([at(document, 'content.0.text')]),
    ...toCall(at(document, 'content.0.name'), JSON.stringify(at(document, 'content.0.input'))),
    finish: at(document, 'stop_reason'),
    ...toUsage(at(document, 'usage'), 'input_tokens', 'output_tokens'),
  }),
  hearStream: (events) => ({
    text: join(all(events, 'delta.text')),
    ...toCall(all(events, 'content_block.name')[0], join(all(events, 'delta.partial_json'))),
    finish: all(events, 'delta.stop_reason')[0],
    ...toUsage(all(named(events, 'message_delta'), 'usage')[0], 'input_tokens', 'output_tokens'),
  }),
  isError: ({ name, data }) => name === 'error' && at(data, 'error.type') === 'overloaded_error',
}
