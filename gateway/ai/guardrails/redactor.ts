import type { CompiledGuardrail } from '#config/compiled/guardrail.ts'
import { toWholeCharacter } from './characters.ts'
import type { Tally } from './findings.ts'
import { type Masks, matchMasks, settleMasks } from './masks.ts'
import { bySpan, CONTEXT, type Find, type Span } from './span.ts'

/** A guardrail that finds by itself what it is for. */
export interface LocalRule {
  readonly guardrail: CompiledGuardrail
  readonly find: Find
}

/** What stands guard over the texts of one stage of a call. */
export interface Inspection {
  readonly masks: Masks
  readonly tally: Tally
  /** Whether a mask will be put back: nothing is found within. */
  readonly isKept: (mask: string) => boolean
  /** Set when something is found that blocks the call. */
  blockedBy: CompiledGuardrail | undefined
}

interface Sighting extends Span {
  readonly rule: LocalRule
}

/** A mask, and where in the whole text it stands for what. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly mask: string
  /** That asks for it. */
  readonly guardrail: CompiledGuardrail
}

/** A text is looked at again when what is new is a part so large of what is held back. */
const LOOK_SHARE = 1 / 16

const isReversible = ({ check }: CompiledGuardrail): boolean =>
  check.type === 'pii' && check.reversible

/**
 * Applies rules to a text that comes in pieces; what they make of it is the same wherever it is
 * cut. No more is held back than what could still turn out to be a part of something.
 */
export class Redactor {
  /** What was masked, by place. */
  readonly edits: Edit[] = []
  readonly #rules: readonly LocalRule[]
  readonly #inspection: Inspection
  readonly #isPassive: boolean
  #text = ''
  #offset = 0
  /** What begins before is settled. */
  #from = 0
  /** What stands before is out, or masked. */
  #passed = 0
  #fresh = 0
  /** How far each rule has counted. */
  readonly #counted = new Map<LocalRule, number>()

  constructor(rules: readonly LocalRule[], inspection: Inspection) {
    this.#rules = rules
    this.#inspection = inspection
    this.#isPassive = rules.every(({ guardrail }) => guardrail.action === 'Audit')
  }

  /** @returns what can be let out; nothing from the time on when the call is blocked */
  push(text: string): string {
    this.#text += text
    this.#fresh += text.length
    const isDue = this.#fresh >= (this.#text.length - this.#from) * LOOK_SHARE
    const passed = isDue ? this.#look(false) : ''
    return this.#isPassive ? text : passed
  }

  /** @param text the last piece */
  end(text = ''): string {
    this.#text += text
    const passed = this.#look(true)
    return this.#isPassive ? text : passed
  }

  #look(isWhole: boolean): string {
    this.#fresh = 0
    if (this.#inspection.blockedBy) return ''
    const { sightings, settled } = this.#findAll(isWhole)
    let passed = ''
    for (const sighting of sightings) {
      this.#count(sighting)
      if (this.#inspection.blockedBy) return ''
      passed += this.#mask(sighting)
    }
    if (settled > this.#passed) {
      passed += this.#text.slice(this.#passed, settled)
      this.#passed = settled
    }
    this.#from = settled
    this.#forget()
    return passed
  }

  #findAll(isWhole: boolean) {
    const stretch = { text: this.#text, offset: this.#offset, from: this.#from }
    let settled = settleMasks(this.#text)
    const all: Sighting[] = []
    for (const rule of this.#rules) {
      const found = rule.find(stretch)
      settled = Math.min(settled, found.settled)
      for (const span of found.spans) all.push({ ...span, rule })
    }
    settled = isWhole
      ? this.#text.length
      : Math.max(this.#from, toWholeCharacter(this.#text, settled))
    const known = all.filter(({ start }) => start < settled).sort(bySpan)
    return { sightings: this.#withoutKept(known), settled }
  }

  /** @param sightings by place */
  #withoutKept(sightings: readonly Sighting[]): Sighting[] {
    const masks = this.#findKept()
    let next = 0
    return sightings.filter(({ start, end }) => {
      while ((masks[next]?.end ?? Number.POSITIVE_INFINITY) <= start) next += 1
      const mask = masks[next]
      return !(mask && mask.start <= start && end <= mask.end)
    })
  }

  #findKept(): Omit<Span, 'type'>[] {
    const first = Math.max(0, this.#from - CONTEXT)
    return Array.from(matchMasks(this.#text, first), ({ 0: mask, index }) => ({
      mask,
      start: index,
      end: index + mask.length,
    })).filter(({ mask }) => this.#inspection.isKept(mask))
  }

  /** Of what a rule finds twice in one place, the longer counts. */
  #count({ rule, type, end }: Sighting): void {
    if (end <= (this.#counted.get(rule) ?? 0)) return
    this.#counted.set(rule, end)
    this.#inspection.tally.count(rule.guardrail, type)
    if (rule.guardrail.action === 'Block') this.#inspection.blockedBy ??= rule.guardrail
  }

  /** Of what overlaps, what is left of the later one has a mask of its own. */
  #mask({ rule, start, end, type }: Sighting): string {
    if (rule.guardrail.action !== 'Mask' || end <= this.#passed) return ''
    const from = Math.max(start, this.#passed)
    const value = this.#text.slice(from, end)
    const before = this.#text.slice(this.#passed, from)
    this.#passed = end
    const { guardrail } = rule
    const mask = this.#inspection.masks.toMask(type, value, isReversible(guardrail))
    const offset = this.#offset
    this.edits.push({ start: offset + from, end: offset + end, mask, guardrail })
    return before + mask
  }

  #forget(): void {
    const cut = this.#from - CONTEXT
    if (cut <= 0) return
    this.#text = this.#text.slice(cut)
    this.#offset += cut
    this.#from -= cut
    this.#passed -= cut
    for (const [rule, end] of this.#counted) this.#counted.set(rule, end - cut)
  }
}
