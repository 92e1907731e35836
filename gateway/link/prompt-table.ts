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

export interface PromptTableOptions {
  readonly scope: PromptScope
  /** Where the endpoints of prompts go. */
  readonly endpoints: RouteTable['endpoints']
  createEndpoint(prompt: LinkedPrompt): BuiltIn['serve']
}

export const createPromptTable = ({
  scope,
  endpoints,
  createEndpoint,
}: PromptTableOptions): PromptTable =>
  createKindTable<PromptFragment, LinkedPrompt>({
    link: (fragment) => linkPrompt(fragment, scope),
    onSet(key, prompt) {
      const { namespace, name, createdAt, spec } = prompt.fragment
      if (!spec.expose) {
        endpoints.delete(key)
        return
      }
      const { path, hostnames } = spec.expose
      const matches: RouteEntry<BuiltIn>['matches'] = [
        { path: { type: 'Exact', value: path }, method: 'POST', headers: [], queryParams: [] },
      ]
      const value = { serve: createEndpoint(prompt) }
      endpoints.set({ key, namespace, name, createdAt, hostnames, matches, value })
    },
    onDelete: endpoints.delete,
  })
