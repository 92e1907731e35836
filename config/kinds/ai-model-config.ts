import { z } from 'zod'
import { AI_PROVIDERS, type AiProvider, type AiProviderName } from './ai-providers.ts'
import {
  cel,
  conditionColumns,
  duration,
  type KindDefinition,
  objectName,
  secretKey,
} from './common.ts'

const credential = z
  .object({
    secretRef: z
      .object({
        name: objectName.describe(
          'Name of a Secret of type Opaque, in the namespace of the model.',
        ),
        key: secretKey.default('apiKey').describe('Which of its entries is the credential.'),
      })
      .describe('Where the credential is; a rotated one counts from the next call on.'),
  })
  .describe('What the gateway shows the provider. Callers never see it.')

const timeouts = z.object({
  request: duration
    .default('10m')
    .describe('From the request until its answer is complete; 0s for none.'),
  firstToken: duration
    .default('60s')
    .describe('Of a stream: from the request until its first event; 0s for none.'),
  streamIdle: duration
    .default('60s')
    .describe('Of a stream: between two pieces of it; 0s for none.'),
})

const names = Object.keys(AI_PROVIDERS) as [AiProviderName, ...AiProviderName[]]
const withoutEndpoint = Object.entries<AiProvider>(AI_PROVIDERS)
  .filter(([, { endpoint }]) => endpoint === undefined)
  .map(([name]) => `'${name}'`)

const spec = z
  .object({
    provider: z
      .enum(names)
      .describe('Who serves the model. OpenAICompatible is for any other that speaks that API.'),
    model: z
      .string()
      .min(1)
      .max(256)
      .regex(/^[\x21-\x7e]+$/)
      .optional()
      .describe('What the provider calls the model. Default: the name of this object.'),
    version: z
      .string()
      .max(63)
      .regex(/^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/)
      .optional()
      .describe('Version that callers may insist on, as NAME@VERSION, and that metrics show.'),
    endpoint: z
      .string()
      .max(2048)
      .regex(/^https?:\/\/[^\s/?#@\\]+(\/[^\s?#\\]*)?$/)
      .optional()
      .describe("Base URL in place of the provider's own, such as https://host/v1."),
    credential: credential.optional(),
    maxTokens: z
      .int()
      .min(1)
      .max(10_000_000)
      .optional()
      .describe(
        'Most output tokens that a call may ask for; also what a call gets that asks none.',
      ),
    timeouts: timeouts.prefault({}).meta({ default: {} }),
  })
  .meta(
    cel({
      rule: `has(self.endpoint) || !(self.provider in [${withoutEndpoint.join(', ')}])`,
      message: 'endpoint is required for this provider',
      fieldPath: '.endpoint',
    }),
  )

export type AiModelConfigSpec = z.output<typeof spec>

/** A model of a provider, under a name of one's own. */
export const aiModelConfig = {
  kind: 'AIModelConfig',
  plural: 'aimodelconfigs',
  singular: 'aimodelconfig',
  shortNames: ['aim'],
  description: 'AIModelConfig is a model that callers of the AI endpoints may name.',
  spec,
  printerColumns: [
    {
      name: 'Provider',
      type: 'string',
      jsonPath: '.spec.provider',
      description: 'Who serves the model',
    },
    {
      name: 'Model',
      type: 'string',
      jsonPath: '.spec.model',
      description: 'What the provider calls it',
    },
    { name: 'Version', type: 'string', jsonPath: '.spec.version', description: 'Its version' },
    ...conditionColumns,
  ],
} as const satisfies KindDefinition
