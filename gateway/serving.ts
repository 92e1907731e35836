import type { Served } from '#config/compiled/events.ts'
import type { Timeline } from '#config/compiled/fragment.ts'
import type { AiContext } from './ai/ai-context.ts'
import { createAnswerStore } from './ai/cache/answer-store.ts'
import { createChoiceContext } from './ai/create-choice.ts'
import { createAiEndpoints } from './ai/endpoints.ts'
import { createPromptEndpoint } from './ai/prompts/endpoint.ts'
import { createPriceBook } from './limits/price-book.ts'
import { createAddressBook } from './link/address-book.ts'
import { createLiveConfig } from './link/live-config.ts'
import { createModelTable } from './link/model-table.ts'
import { createPolicyTable } from './link/policy-table.ts'
import { createPromptTable } from './link/prompt-table.ts'
import { createRouteTable } from './link/route-table.ts'
import type { SecretBook } from './link/secret-book.ts'
import { createConsumerDirectory } from './policies/api-key/consumer-directory.ts'

export interface ServingDeps
  extends Pick<
    AiContext,
    | 'client'
    | 'deadlines'
    | 'sharedNamespace'
    | 'maxBodyBytes'
    | 'budget'
    | 'observers'
    | 'limiter'
    | 'log'
  > {
  readonly secrets: SecretBook
  onChange(served: Served, timeline?: Timeline): void
}

/** All that is served, by kind, and what it refers to; empty at first. */
export const createServing = ({ secrets, onChange, ...shared }: ServingDeps) => {
  const { sharedNamespace } = shared
  const addresses = createAddressBook()
  const consumers = createConsumerDirectory()
  const models = createModelTable(secrets)
  const policies = createPolicyTable({ models, sharedNamespace })
  const routes = createRouteTable(addresses)
  const prompts = createPromptTable({
    scope: { models, policies, sharedNamespace },
    endpoints: routes.endpoints,
    createEndpoint: (prompt) => createPromptEndpoint(context, prompt),
  })
  const prices = createPriceBook()
  const context: AiContext = {
    ...shared,
    ...{ models, policies, prompts, consumers, prices },
    answers: createAnswerStore(),
    choice: createChoiceContext(prices),
  }
  for (const entry of createAiEndpoints(context)) routes.endpoints.set(entry)
  const tables = {
    APIRoute: routes,
    AIModelConfig: models,
    LLMRoutingPolicy: policies,
    PromptTemplate: prompts,
  }
  const config = createLiveConfig({ tables, onChange })
  return { addresses, consumers, models, policies, prompts, routes, config }
}
