import type { Sensitivity } from '#config/compiled/guardrail.ts'
import { matchFrom } from './characters.ts'
import { SIGNS, type Sign } from './injection-signs.ts'
import type { Find, Span } from './span.ts'
import { readWords, type Word } from './words.ts'

/** How much must be said for an attempt. */
const THRESHOLDS: Record<Sensitivity, number> = { Low: 5, Medium: 3, High: 2 }

/** The words by which templates of models divide who speaks: only gateways write those. */
const MARKERS =
  /<\|(?:im_start|im_end|system|user|assistant|endoftext|eot_id|start_header_id|end_header_id)\|>|<<\/?SYS>>|\[\/?INST\]|<(?:start|end)_of_turn>/g
const MARKER_WEIGHT = 2

/** Letters that nobody sees but a model reads; flags have six of them. */
const UNSEEN = /[\u{e0020}-\u{e007e}]{12,}/gu
const UNSEEN_WEIGHT = 3

interface Evidence extends Span {
  readonly weight: number
}

const findStep = (
  words: readonly Word[],
  after: number,
  step: ReadonlySet<string>,
  gap: number,
) => {
  const end = Math.min(words.length, after + gap + 1)
  for (let i = after + 1; i < end; i += 1) if (step.has(words[i]?.word ?? '')) return i
  return -1
}

/** Where a sign that begins with a word ends: -1 for nowhere. */
const followSteps = (words: readonly Word[], first: number, { steps, gap }: Sign): number => {
  let at = first
  for (const step of steps.slice(1)) {
    at = findStep(words, at, step, gap)
    if (at < 0) return -1
  }
  return at
}

/** Signs by the words that they begin with. */
const BY_FIRST_WORD = Map.groupBy(
  SIGNS.flatMap((sign) => Array.from(sign.steps[0] ?? [], (word) => ({ word, sign }))),
  ({ word }) => word,
)

const toEvidence = (start: number, end: number, weight: number): Evidence => ({
  start,
  end,
  weight,
  type: 'PromptInjection',
})

const findSigns = (text: string, from: number): Map<unknown, Evidence> => {
  const words = readWords(text, from)
  const found = new Map<unknown, Evidence>()
  for (const [index, { word, start }] of words.entries()) {
    for (const { sign } of BY_FIRST_WORD.get(word) ?? []) {
      const last = found.has(sign) ? undefined : words[followSteps(words, index, sign)]
      if (last) found.set(sign, toEvidence(start, last.end, sign.weight))
    }
  }
  return found
}

const findCharacters = (text: string, from: number): Evidence[] =>
  (
    [
      [MARKERS, MARKER_WEIGHT],
      [UNSEEN, UNSEEN_WEIGHT],
    ] as const
  ).flatMap(([pattern, weight]) => {
    const first = matchFrom(text, from, pattern).next().value
    return first ? [toEvidence(first.index, first.index + first[0].length, weight)] : []
  })

/**
 * Finds attempts to take over a model. A sign counts once in a text, and signs that are weak count
 * together.
 */
export const createInjectionFinder =
  (sensitivity: Sensitivity): Find =>
  ({ text, from }) => {
    const evidence = [...findSigns(text, from).values(), ...findCharacters(text, from)]
    const sum = evidence.reduce((total, { weight }) => total + weight, 0)
    // What a text says is known at its end only: this is for requests.
    return { spans: sum >= THRESHOLDS[sensitivity] ? evidence : [], settled: from }
  }
