import type { Action, CompiledGuardrail, Stage } from '#config/compiled/guardrail.ts'

/** What a guardrail found, for logs and metrics: never the text itself. */
export interface Finding {
  readonly rule: string
  readonly stage: Stage
  readonly action: Action
  /** How often, by type. */
  readonly types: Readonly<Record<string, number>>
}

/** Counts what is found at one stage of a call. */
export interface Tally {
  count(rule: CompiledGuardrail, type: string): void
  toFindings(): Finding[]
}

export const createTally = (stage: Stage): Tally => {
  const counts = new Map<CompiledGuardrail, Map<string, number>>()
  return {
    count(rule, type) {
      const types = counts.get(rule) ?? new Map<string, number>()
      types.set(type, (types.get(type) ?? 0) + 1)
      counts.set(rule, types)
    },
    toFindings: () =>
      Array.from(counts, ([{ name, action }, types]) => ({
        rule: name,
        stage,
        action,
        types: Object.fromEntries(types),
      })),
  }
}

/** Why a call goes no further. */
export interface Blocked {
  readonly rule: string
  /** For the caller. */
  readonly message: string
}

const SUBJECTS: Record<Stage, string> = { Request: 'request', Response: 'answer' }

export const toBlocked = ({ name, message }: CompiledGuardrail, stage: Stage): Blocked => ({
  rule: name,
  message: message ?? `The ${SUBJECTS[stage]} was blocked by the guardrail '${name}'.`,
})

/** What every look at a call tells. */
export interface Checked {
  /** Complete when `audited` settles. */
  readonly findings: readonly Finding[]
  /** When rules that only report have reported, if any asks somebody else; it never rejects. */
  readonly audited: Promise<void> | undefined
}

/** Adds findings, of which some may come late. */
export const toChecked = <Outcome extends object>(outcome: Outcome, tally: Tally) => ({
  ...outcome,
  get findings() {
    return tally.toFindings()
  },
})
