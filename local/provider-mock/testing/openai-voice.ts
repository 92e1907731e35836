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

export const openai: Voice = {
  name: 'OpenAI chat',
  finishes: { stop: 'stop', length: 'length', tool: 'tool_calls' },
  parse: parseText,
  ask: ({ text, model = 'gpt-mock', stream, tool, schema, maxTokens, image }) => ({
    path: '/v1/chat/completions',
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
      stream_options: stream ? { include_usage: true } : undefined,
      max_completion_tokens: maxTokens,
      tools: tool && [{ type: 'function', function: { name: tool, parameters: parametersOf } }],
      response_format: schema && {
        type: 'json_schema',
        json_schema: { name: 'answer', schema, strict: true },
      },
    },
  }),
  hear: (document) => ({
    text: join([at(document, 'choices.0.message.content')]),
    ...toCall(
      at(document, 'choices.0.message.tool_calls.0.function.name'),
      String(at(document, 'choices.0.message.tool_calls.0.function.arguments')),
    ),
    finish: at(document, 'choices.0.finish_reason'),
    ...toUsage(at(document, 'usage'), 'prompt_tokens', 'completion_tokens'),
  }),
  hearStream: (events) => ({
    text: join(all(events, 'choices.0.delta.content')),
    ...toCall(
      all(events, 'choices.0.delta.tool_calls.0.function.name')[0],
      join(all(events, 'choices.0.delta.tool_calls.0.function.arguments')),
    ),
    finish: all(events, 'choices.0.finish_reason')[0],
    ...toUsage(all(events, 'usage')[0], 'prompt_tokens', 'completion_tokens'),
  }),
  isError: ({ data }) => at(data, 'error.type') === 'server_error',
}

export const responses: Voice = {
  name: 'OpenAI responses',
  finishes: { stop: 'completed', length: 'incomplete', tool: 'completed' },
  parse: parseText,
  ask: ({ text, model = 'gpt-mock', stream, tool, schema, maxTokens, image }) => ({
    path: '/v1/responses',
    body: {
      model,
      input: image
        ? [
            {
              role: 'user',
              content: [
                { type: 'input_text', text },
                { type: 'input_image', image_url: `data:image/png;base64,${PIXEL}` },
              ],
            },
          ]
        : text,
      stream,
      max_output_tokens: maxTokens,
      tools: tool && [{ type: 'function', name: tool, parameters: parametersOf }],
      text: schema && { format: { type: 'json_schema', name: 'answer', schema } },
    },
  }),
  hear: (document) => ({
    text: join([at(document, 'output.0.content.0.text')]),
    ...toCall(at(document, 'output.0.name'), String(at(document, 'output.0.arguments'))),
    finish: at(document, 'status'),
    ...toUsage(at(document, 'usage'), 'input_tokens', 'output_tokens'),
  }),
  hearStream(events) {
    const [end] = all(events.slice(-1), 'response')
    const calls = named(events, 'response.function_call_arguments.delta')
    return {
      text: join(all(named(events, 'response.output_text.delta'), 'delta')),
      ...toCall(all(events, 'item.name')[0], join(all(calls, 'delta'))),
      finish: at(end, 'status'),
      ...toUsage(at(end, 'usage'), 'input_tokens', 'output_tokens'),
    }
  },
  isError: ({ name, data }) =>
    name === 'response.failed' && at(data, 'response.status') === 'failed',
}
