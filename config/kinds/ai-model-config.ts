import { z } from 'zod'
import { AI_PROVIDERS, type AiProvider, type AiProviderName } from './ai-providers.ts'
import { cache } from './cache.ts'
import { retries } from './call-retries.ts'
import {
  cel,
  conditionColumns,
  duration,
  type KindDefinition,
  objectName,
  secretKey,
} from './common.ts'
import { modelCost } from './cost.ts'
import { guardrails } from './guardrail.ts'
import { limits } from './limit.ts'

const credential = z
  .object({
    type: z
      .enum(['APIKey', 'AWS'])
      .default('APIKey')
      .describe(
        'APIKey: the Secret holds a key that is shown as it is. AWS: requests are signed with its entries accessKeyId, secretAccessKey and, if there is one, sessionToken.',
      ),
    secretRef: z
      .object({
        name: objectName.describe(
          'Name of a Secret of type Opaque, in the namespace of the model.',
        ),
        key: secretKey
          .default('apiKey')
          .describe('Which of its entries is the credential, of type APIKey.'),
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

const circuitBreaker = z.object({
  failures: z
    .int()
    .min(0)
    .max(1000)
    .default(5)
    .describe('Failures in a row after which no calls are sent for a while; 0 for never.'),
  cooldown: duration
    .default('30s')
    .describe('For how long; then one call is tried, and if it succeeds all are.'),
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
    region: z
      .string()
      .max(63)
      .regex(/^[a-z]{2}(-[a-z]+)+-[0-9]{1,2}$/)
      .optional()
      .describe('Region of the provider, such as eu-central-1; of Bedrock only.'),
    credential: credential.optional(),
    onPremise: z
      .boolean()
      .default(false)
      .describe('Whether what is sent to the model stays in house: sensitive data may reach it.'),
    maxTokens: z
      .int()
      .min(1)
      .max(10_000_000)
      .optional()
      .describe(
        'Most output tokens that a call may ask for; also what a call gets that asks none.',
      ),
    timeouts: timeouts.prefault({}).meta({ default: {} }),
    retries: retries.prefault({}).meta({ default: {} }),
    cost: modelCost.optional(),
    limits: limits.optional(),
    guardrails: guardrails.optional(),
    cache: cache.optional(),
    circuitBreaker: circuitBreaker.prefault({}).meta({ default: {} }),
  })
  .meta(
    cel(
      {
        rule: `has(self.endpoint) || !(self.provider in [${withoutEndpoint.join(', ')}])`,
        message: 'endpoint is required for this provider',
        fieldPath: '.endpoint',
      },
      {
        rule: "self.provider != 'Bedrock' || has(self.region)",
        message: 'region is required for Bedrock',
        fieldPath: '.region',
      },
      {
        rule: "!has(self.credential) || self.credential.type != 'AWS' || self.provider == 'Bedrock'",
        message: 'AWS is a credential for Bedrock only',
        fieldPath: '.credential',
      },
    ),
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
