import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../json.ts'
import { withObjectMeta } from '../schema/object-meta.ts'
import type { Schema } from '../schema/schema.ts'
import { ApiError } from '../status.ts'
import { applyObject } from './apply.ts'
import { FieldSet } from './field-set.ts'
import { trackUpdate } from './managed-fields.ts'

const SCHEMA: Schema = withObjectMeta({
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        size: { type: 'integer' },
        hosts: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
        refs: { type: 'array', items: { type: 'object' } },
        options: { type: 'object', additionalProperties: { type: 'string' } },
        ports: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['port'],
          items: {
            type: 'object',
            properties: { port: { type: 'integer' }, note: { type: 'string' } },
          },
        },
      },
    },
  },
})

const widget = (spec: KubeObject['spec']): KubeObject => ({
  apiVersion: 'test.dev/v1',
  kind: 'Widget',
  metadata: { name: 'w' },
  ...(spec !== undefined && { spec }),
})

const writer = (manager: string, operation: 'Apply' | 'Update') => ({
  manager,
  operation,
  apiVersion: 'test.dev/v1',
  subresource: '',
  time: '2026-01-01T00:00:00Z',
})

const apply = (
  live: KubeObject | undefined,
  manager: string,
  spec: KubeObject['spec'],
  force = false,
): KubeObject =>
  applyObject(live, widget(spec), {
    schema: SCHEMA,
    writer: writer(manager, 'Apply'),
    force,
    ignored: new FieldSet(),
  })

const fieldsOf = (object: KubeObject, manager: string): unknown =>
  object.metadata.managedFields?.find((entry) => entry.manager === manager)?.fieldsV1

const errorOf = (act: () => unknown): ApiError => {
  try {
    act()
  } catch (error) {
    if (error instanceof ApiError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('server-side apply', () => {
  it('owns what it applies', () => {
    const object = apply(undefined, 'a', {
      size: 1,
      hosts: ['x'],
      ports: [{ port: 80, note: 'n' }],
    })
    expect(fieldsOf(object, 'a')).toEqual({
      'f:spec': {
        'f:size': {},
        'f:hosts': { 'v:"x"': {} },
        'f:ports': { 'k:{"port":80}': { '.': {}, 'f:port': {}, 'f:note': {} } },
      },
    })
  })

  it('lets two managers write different fields, items of sets and of lists of maps', () => {
    const first = apply(undefined, 'a', { size: 1, hosts: ['x'], ports: [{ port: 80 }] })
    const second = apply(first, 'b', { hosts: ['y'], ports: [{ port: 81 }], options: { k: 'v' } })
    expect(second.spec).toEqual({
      size: 1,
      hosts: ['x', 'y'],
      ports: [{ port: 80 }, { port: 81 }],
      options: { k: 'v' },
    })
  })

  it('shares a field that is applied with the same value', () => {
    const shared = apply(apply(undefined, 'a', { size: 1 }), 'b', { size: 1 })
    const dropped = apply(shared, 'a', {})
    expect(dropped.spec).toEqual({ size: 1 })
    expect(fieldsOf(dropped, 'b')).toEqual({ 'f:spec': { 'f:size': {} } })
  })

  it('refuses to change the field of another, and names it', () => {
    const live = apply(undefined, 'a', { size: 1, refs: [{ n: 1 }] })
    const one = errorOf(() => apply(live, 'b', { size: 2 }))
    expect(one.code).toBe(409)
    expect(one.message).toBe('Apply failed with 1 conflict: conflict with "a": .spec.size')
    expect(one.details?.causes).toEqual([
      { reason: 'FieldManagerConflict', message: 'conflict with "a"', field: '.spec.size' },
    ])
    const two = errorOf(() => apply(live, 'b', { size: 2, refs: [{ n: 2 }] }))
    expect(two.message).toBe(
      'Apply failed with 2 conflicts: conflicts with "a":\n- .spec.refs\n- .spec.size',
    )
  })

  it('takes the field over when forced', () => {
    const live = apply(undefined, 'a', { size: 1, options: { k: 'v' } })
    const forced = apply(live, 'b', { size: 2 }, true)
    expect(forced.spec).toEqual({ size: 2, options: { k: 'v' } })
    expect(fieldsOf(forced, 'a')).toEqual({ 'f:spec': { 'f:options': { 'f:k': {} } } })
  })

  it('removes what the manager no longer applies and nobody else owns', () => {
    const first = apply(undefined, 'a', {
      size: 1,
      hosts: ['x', 'y'],
      options: { k: 'v' },
      ports: [{ port: 80 }, { port: 81 }],
    })
    const other = apply(first, 'b', { hosts: ['y'], ports: [{ port: 81, note: 'mine' }] })
    const dropped = apply(other, 'a', { size: 1 })
    expect(dropped.spec).toEqual({ size: 1, hosts: ['y'], ports: [{ port: 81, note: 'mine' }] })
  })

  it('replaces a list without a type as a whole', () => {
    const live = apply(undefined, 'a', { refs: [{ n: 1 }, { n: 2 }] })
    expect(apply(live, 'a', { refs: [{ n: 3 }] }).spec).toEqual({ refs: [{ n: 3 }] })
  })

  it('changes nothing when the same is applied again', () => {
    const live = apply(undefined, 'a', { size: 1, hosts: ['x'] })
    expect(apply(live, 'a', { size: 1, hosts: ['x'] })).toEqual(live)
  })

  it('says since when an update owns the field that conflicts', () => {
    const live = widget({ size: 1 })
    trackUpdate(live, undefined, SCHEMA, writer('edit', 'Update'))
    expect(errorOf(() => apply(live, 'b', { size: 2 })).message).toBe(
      'Apply failed with 1 conflict: conflict with "edit" using test.dev/v1 at 2026-01-01T00:00:00Z: .spec.size',
    )
  })
})

describe('an update', () => {
  it('owns what it changes, and takes it from who applied it', () => {
    const live = apply(undefined, 'a', { size: 1, hosts: ['x'] })
    const changed: KubeObject = { ...live, spec: { size: 2, hosts: ['x'] } }
    changed.metadata = { ...live.metadata }
    trackUpdate(changed, live, SCHEMA, writer('edit', 'Update'))
    expect(fieldsOf(changed, 'edit')).toEqual({ 'f:spec': { 'f:size': {} } })
    expect(fieldsOf(changed, 'a')).toEqual({ 'f:spec': { 'f:hosts': { 'v:"x"': {} } } })
  })

  it('forgets owners of what it removes', () => {
    const live = apply(undefined, 'a', { size: 1 })
    const changed: KubeObject = { ...live, spec: {}, metadata: { ...live.metadata } }
    trackUpdate(changed, live, SCHEMA, writer('edit', 'Update'))
    expect(changed.metadata.managedFields).toBeUndefined()
  })
})
