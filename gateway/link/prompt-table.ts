import type { RouteEntry } from '../router/candidate.ts'
import type { BuiltIn } from './built-in.ts'
import { createKindTable, type KindTable } from './kind-table.ts'
import {
  type LinkedPrompt,
  linkPrompt,
  type PromptFragment,
  type PromptScope,
} from './linked-prompt.ts'
import type { RouteTable } from './route-table.ts'

/** The prompts that are served. */
export type PromptTable = KindTable<PromptFragment, LinkedPrompt>

/** What serves the endpoint of a prompt, and what describes it. */
export interface PromptEndpoint {
  readonly call: BuiltIn['serve']
  readonly describe: BuiltIn['serve']
}

export interface PromptTableOptions {
  readonly scope: PromptScope
  /** Where the endpoints of prompts go. */
  readonly endpoints: RouteTable['endpoints']
  createEndpoint(prompt: LinkedPrompt): PromptEndpoint
}

const toEntries = (
  key: string,
  { fragment }: LinkedPrompt,
  { call, describe }: PromptEndpoint,
): RouteEntry<BuiltIn>[] => {
  const { namespace, name, createdAt, spec } = fragment
  const { path = '', hostnames = [] } = spec.expose ?? {}
  const toEntry = (suffix: string, method: string, serve: BuiltIn['serve']) => ({
    key: key + suffix,
    ...{ namespace, name, createdAt, hostnames },
    matches: [
      {
        path: { type: 'Exact' as const, value: path + suffix },
        ...{ method, headers: [], queryParams: [] },
      },
    ],
    value: { serve },
  })
  return [toEntry('', 'POST', call), toEntry(DESCRIPTION, 'GET', describe)]
}

/** Where the description of an endpoint is, below its path. */
const DESCRIPTION = '/openapi.json'

export const createPromptTable = ({
  scope,
  endpoints,
  createEndpoint,
}: PromptTableOptions): PromptTable => {
  const remove = (key: string): void => {
    endpoints.delete(key)
    endpoints.delete(key + DESCRIPTION)
  }
  return createKindTable<PromptFragment, LinkedPrompt>({
    link: (fragment) => linkPrompt(fragment, scope),
    onSet(key, prompt) {
      if (!prompt.fragment.spec.expose) remove(key)
      else for (const entry of toEntries(key, prompt, createEndpoint(prompt))) endpoints.set(entry)
    },
    onDelete: remove,
  })
}
