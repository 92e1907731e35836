import type { z } from 'zod'
import type { KubeObject } from '#lib/kube/types.ts'
import { FieldError } from './field-error.ts'
import type { CompileResult } from './fragment-builder.ts'

const toField = (path: PropertyKey[]): string =>
  path.reduce<string>(
    (field, key) => (typeof key === 'number' ? `${field}[${key}]` : `${field}.${String(key)}`),
    'spec',
  )

const refuse = (message: string) =>
  ({ ok: false, reason: 'UnsupportedValue', message: message.toWellFormed() }) as const

/**
 * Compiles objects of one kind. A refusal names the field first:
 * `spec.matches[0].path.value: ...`.
 *
 * @param compileSpec pure, and deterministic to the byte; it throws a FieldError for what the CRD
 * lets through but cannot be compiled
 */
export const createSpecCompiler =
  <S, C>(schema: z.ZodType<S>, compileSpec: (spec: S, object: KubeObject) => C) =>
  (object: KubeObject): CompileResult<C> => {
    const parsed = schema.safeParse((object as { spec?: unknown }).spec)
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      return refuse(`${toField(issue?.path ?? [])}: ${issue?.message}`)
    }
    try {
      return { ok: true, spec: compileSpec(parsed.data, object) }
    } catch (error) {
      if (!(error instanceof FieldError)) throw error
      return refuse(error.message)
    }
  }
