import { isObject, type Json, type KubeObject } from '../json.ts'
import type { Schema } from '../schema/schema.ts'
import { fieldsOf } from './compare.ts'
import { FieldSet } from './field-set.ts'

const ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration'

/** The manager name of `kubectl apply --server-side`. */
export const KUBECTL = 'kubectl'

/**
 * Fields that client-side apply wrote last: kubectl's server-side apply may take them over without a conflict,
 * so that users can change from one to the other.
 */
export const clientSideFields = (live: KubeObject, schema: Schema): FieldSet => {
  const text = live.metadata.annotations?.[ANNOTATION]
  if (!text) return new FieldSet()
  try {
    const applied = JSON.parse(text) as Json
    return isObject(applied) ? fieldsOf(applied, schema) : new FieldSet()
  } catch {
    return new FieldSet()
  }
}

/** Keeps the annotation of client-side apply current, where an object has it. */
export const updateLastApplied = (object: KubeObject, applied: KubeObject): void => {
  const { annotations } = object.metadata
  if (!annotations?.[ANNOTATION]) return
  const { managedFields: _managedFields, ...metadata } = applied.metadata
  const text = `${JSON.stringify({ ...applied, metadata })}\n`
  object.metadata.annotations = { ...annotations, [ANNOTATION]: text }
}
