import type { PiiType } from '#config/compiled/guardrail.ts'
import type { ChatRequest } from '../chat/request.ts'
import { createTally } from './findings.ts'
import { createMasks } from './masks.ts'
import { createPiiFinder } from './pii/find-pii.ts'
import { createRedact } from './redact.ts'
import type { Inspection } from './redactor.ts'
import { rewriteRequest } from './request-pieces.ts'

/** Whether anything that leaves with a request is of one of these types. */
export const holdsPii = (request: ChatRequest, types: readonly PiiType[]): boolean => {
  const inspection: Inspection = {
    masks: createMasks(() => false),
    tally: createTally('Request'),
    isKept: () => false,
    blockedBy: undefined,
  }
  const check = { type: 'pii' as const, types: [...types], reversible: false }
  const guardrail = { name: '', stages: ['Request' as const], action: 'Block' as const, check }
  rewriteRequest(request, createRedact([{ guardrail, find: createPiiFinder(types) }], inspection))
  return inspection.blockedBy !== undefined
}
