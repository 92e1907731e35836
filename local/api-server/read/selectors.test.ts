import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../json.ts'
import { ApiError } from '../status.ts'
import { parseLabelSelector } from './selectors.ts'

const labelled = (labels: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', labels },
})

const cases: [selector: string, labels: Record<string, string>, isSelected: boolean][] = [
  ['a=b', { a: 'b' }, true],
  ['a==b', { a: 'c' }, false],
  ['a!=b', {}, true],
  ['a!=b', { a: 'b' }, false],
  ['a', { a: '' }, true],
  ['!a', { a: '' }, false],
  ['a in (x, y)', { a: 'y' }, true],
  ['a in (x,y),b', { a: 'y' }, false],
  ['a notin (x,y)', {}, true],
  ['a notin (x)', { a: 'x' }, false],
  ['a=b,c=d', { a: 'b', c: 'd' }, true],
  ['n>3', { n: '4' }, true],
  ['n<3', { n: '4' }, false],
  ['app.kubernetes.io/part-of=penstock', { 'app.kubernetes.io/part-of': 'penstock' }, true],
]

describe('a label selector', () => {
  it.each(cases)('%s on %o: %s', (selector, labels, isSelected) => {
    expect(parseLabelSelector(selector)(labelled(labels))).toBe(isSelected)
  })

  it.each(['a b c', 'a in', 'a in (x', '=b'])('%s is refused', (selector) => {
    expect(() => parseLabelSelector(selector)).toThrow(ApiError)
  })
})
