import { expect, test } from 'vitest'
import { isForeignEdit, type ManagedConfigMap } from './foreign-edit.ts'

const metadataFields = {
  'f:annotations': { 'f:penstock.dev/uid': {}, 'f:penstock.dev/hash': {} },
  'f:labels': { 'f:penstock.dev/fragment': {} },
}
const content = { 'f:data': { '.': {}, 'f:fragment.json': {} } }
const whole = { ...content, 'f:metadata': metadataFields }

const managedBy = (...fields: object[]): ManagedConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name: 'penstock-apiroute-1',
    managedFields: fields.map((fieldsV1) => ({ fieldsV1 })),
  },
})

test('a fragment that one manager wrote as a whole is not foreign', () => {
  expect(isForeignEdit(managedBy(whole))).toBe(false)
  expect(isForeignEdit(managedBy({ ...whole, 'f:data': undefined, 'f:binaryData': {} }))).toBe(
    false,
  )
})

test('labels and annotations that are not ours do not matter', () => {
  const note = { 'f:metadata': { 'f:annotations': { 'f:example.com/note': {} }, 'f:labels': {} } }
  expect(isForeignEdit(managedBy(whole, note))).toBe(false)
})

test('a server that does not tell managers is believed', () => {
  const metadata = { name: 'penstock-apiroute-1' }
  expect(isForeignEdit({ apiVersion: 'v1', kind: 'ConfigMap', metadata })).toBe(false)
  expect(isForeignEdit(managedBy())).toBe(false)
})

test.each<[string, object[]]>([
  ['changed content', [{ 'f:metadata': metadataFields }, content]],
  ['added content', [whole, { 'f:binaryData': { 'f:other': {} } }]],
  ['removed content', [{ 'f:metadata': metadataFields }]],
  [
    'a changed annotation',
    [whole, { 'f:metadata': { 'f:annotations': { 'f:penstock.dev/generation': {} } } }],
  ],
  ['a changed label', [whole, { 'f:metadata': { 'f:labels': { 'f:penstock.dev/kind': {} } } }]],
])('%s is foreign', (_what, fields) => {
  expect(isForeignEdit(managedBy(...fields))).toBe(true)
})
