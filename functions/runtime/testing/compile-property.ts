import fc, { type Arbitrary } from 'fast-check'
import { expect, test } from 'vitest'
import type { z } from 'zod'
import type { KubeObject } from '#lib/kube/types.ts'
import type { CompileResult } from '../fragment-builder.ts'

export interface CompileProperty {
  readonly compile: (object: KubeObject) => CompileResult<unknown>
  /** Of the kind, as users write it. */
  readonly schema: z.ZodType
  /** Of what the gateway reads. */
  readonly compiled: z.ZodObject
  /** Specs, most of them nearly valid. */
  readonly spec: Arbitrary<unknown>
  toObject(spec: unknown): KubeObject
}

const NAMED = /^spec[.:[]/

/** Declares that whatever users write compiles to what the gateway reads, or names its field. */
export const testCompileProperty = ({
  compile,
  schema,
  compiled,
  spec,
  toObject,
}: CompileProperty): void => {
  const check = (value: unknown): boolean => {
    const result = compile(toObject(value))
    const again = compile(toObject(structuredClone(value)))
    expect(JSON.stringify(again)).toBe(JSON.stringify(result))
    if (result.ok) {
      const sent = JSON.parse(JSON.stringify(result.spec))
      expect(compiled.strict().parse(sent)).toEqual(sent)
      return true
    }
    expect(result.message).toMatch(NAMED)
    expect(result.message.isWellFormed()).toBe(true)
    return false
  }

  test('whatever the schema lets through is compiled to what the gateway reads, or names its field', () => {
    let accepted = 0
    let valid = 0
    fc.assert(
      fc.property(spec, (value) => {
        if (!schema.safeParse(value).success) return void check(value)
        valid += 1
        if (check(value)) accepted += 1
      }),
      { numRuns: 1500 },
    )
    // Or else it would prove nothing.
    expect(accepted).toBeGreaterThan(30)
    expect(valid - accepted).toBeGreaterThan(30)
  })

  test('what is no spec at all is refused', () => {
    fc.assert(
      fc.property(fc.anything({ maxDepth: 3 }), (value) => {
        // Of some kinds an empty object is valid: the rules of the CRD ask for more.
        fc.pre(!schema.safeParse(value).success)
        const result = compile(toObject(value))
        expect(result).toMatchObject({ ok: false, message: expect.stringMatching(NAMED) })
      }),
      { numRuns: 300 },
    )
  })
}
