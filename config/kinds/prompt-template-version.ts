import { z } from 'zod'
import { cel } from './common.ts'

const text = z
  .string()
  .min(1)
  .max(65_536)
  .describe('{name} stands for a variable; {{ and }} are the braces themselves.')

const message = z.object({
  role: z.enum(['System', 'User', 'Assistant']).describe('Who says it.'),
  content: text,
})

/** An AIModelConfig or LLMRoutingPolicy, and its version if only that will do. */
export const modelName = z
  .string()
  .max(317)
  .regex(/^[a-z0-9]([-.a-z0-9]*[a-z0-9])?(@[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/)

/** Of a version: callers pin it as NAME@VERSION. */
export const versionName = z
  .string()
  .max(63)
  .regex(/^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/)

const output = z.object({
  schema: z
    .looseObject({})
    .describe(
      'JSON schema (2020-12) that every answer fits. References are to parts of itself, and not recursive; format is not checked.',
    )
    .meta({ 'x-kubernetes-preserve-unknown-fields': true }),
  repair: z
    .boolean()
    .default(false)
    .describe('Whether the model is asked once more when its answer does not fit.'),
})

/** One form of a prompt. */
export const promptVersion = z
  .object({
    name: versionName.describe('Such as v1.'),
    messages: z
      .array(message)
      .min(1)
      .max(64)
      .optional()
      .describe('The conversation that the model continues.')
      .meta({ 'x-kubernetes-list-type': 'atomic' }),
    template: text
      .optional()
      .describe('Short for one message of the role User; {name} stands for a variable.'),
    weight: z
      .int()
      .min(0)
      .max(1_000_000)
      .optional()
      .describe(
        'Share of the calls that pin no version. Where any version has one, those without get none, and defaultVersion does not count.',
      ),
    model: modelName.optional().describe('In place of the model of the prompt.'),
    maxTokens: z.int().min(1).max(10_000_000).optional().describe('Most output tokens.'),
    temperature: z
      .string()
      .max(8)
      .regex(/^([01](\.[0-9]{1,4})?|2(\.0{1,4})?)$/)
      .optional()
      .describe('From 0 to 2, as a decimal in quotes: "0.7".'),
    topP: z
      .string()
      .max(8)
      .regex(/^(0(\.[0-9]{1,4})?|1(\.0{1,4})?)$/)
      .optional()
      .describe('From 0 to 1, as a decimal in quotes: "0.9".'),
    stop: z
      .array(z.string().min(1).max(256))
      .min(1)
      .max(16)
      .optional()
      .describe('Texts that end the answer; how many are taken depends on the provider.')
      .meta({ 'x-kubernetes-list-type': 'set' }),
    output: output.optional().describe('What the answer must be. Default: any text.'),
  })
  .meta(
    cel({
      rule: 'has(self.messages) != has(self.template)',
      message: 'exactly one of messages and template must be set',
    }),
  )

export type PromptVersion = z.output<typeof promptVersion>
