import { isObject, type Json, type KubeObject } from '../json.ts'
import type { ResourceType } from '../registry/resource-type.ts'
import { badRequest } from '../status.ts'

/** Whether an object is selected. */
export type Selector = (object: KubeObject) => boolean

const SETS = /^\s*([^\s!=,()]+)\s+(in|notin)\s+\(([^)]*)\)\s*$/
const EQUALITY = /^\s*([^\s!=,()]+)\s*(==|=|!=)\s*([^\s,()]*)\s*$/
const NUMBERS = /^\s*([^\s!=,()<>]+)\s*(>|<)\s*(-?\d+)\s*$/
const EXISTS = /^\s*(!?)\s*([^\s!=,()]+)\s*$/

type LabelTest = (labels: Record<string, string>) => boolean

const parseRequirement = (text: string): LabelTest => {
  const set = SETS.exec(text)
  if (set) {
    const [, key = '', operator, list = ''] = set
    const values = list.split(',').map((value) => value.trim())
    return operator === 'in'
      ? (labels) => Object.hasOwn(labels, key) && values.includes(labels[key] ?? '')
      : (labels) => !Object.hasOwn(labels, key) || !values.includes(labels[key] ?? '')
  }
  const equality = EQUALITY.exec(text)
  if (equality) {
    const [, key = '', operator, value = ''] = equality
    return operator === '!=' ? (labels) => labels[key] !== value : (labels) => labels[key] === value
  }
  const order = NUMBERS.exec(text)
  if (order) {
    const [, key = '', operator, value = ''] = order
    return (labels) =>
      Object.hasOwn(labels, key) &&
      (operator === '>' ? Number(labels[key]) > Number(value) : Number(labels[key]) < Number(value))
  }
  const exists = EXISTS.exec(text)
  if (!exists) throw badRequest(`unable to parse requirement: ${JSON.stringify(text.trim())}`)
  const [, not, key = ''] = exists
  return (labels) => Object.hasOwn(labels, key) !== (not === '!')
}

/** Splits at commas that are not in parentheses. */
const splitRequirements = (text: string): string[] =>
  text.match(/[^,(]+(\([^)]*\))?[^,(]*|\(/g) ?? []

/** Parses a label selector. @throws ApiError 400 */
export const parseLabelSelector = (text: string): Selector => {
  const tests = splitRequirements(text).map(parseRequirement)
  return (object) => {
    const labels = object.metadata.labels ?? {}
    return tests.every((test) => test(labels))
  }
}

const textAt = (object: KubeObject, path: string): string => {
  if (path === 'source' || path === 'reportingComponent') return reporterOf(object)
  let value: unknown = object
  for (const step of path.split('.')) value = isObject(value) ? value[step] : undefined
  return value === undefined || value === null ? '' : String(value as Json)
}

const reporterOf = (object: KubeObject): string => {
  const source = isObject(object.source) ? object.source.component : undefined
  return String(source ?? object.reportingComponent ?? '')
}

/** Parses a field selector over the fields the resource lets one select by. @throws ApiError 400 */
export const parseFieldSelector = (text: string, type: ResourceType): Selector => {
  const known = ['metadata.name', 'metadata.namespace', ...type.selectableFields]
  const tests = text.split(',').map((part): Selector => {
    const [matched, path = '', operator, value = ''] = /^(.+?)(==|=|!=)(.*)$/.exec(part) ?? []
    if (matched === undefined)
      throw badRequest(`invalid selector: '${text}'; can't understand '${part}'`)
    if (!known.includes(path) && type.custom) throw badRequest(`field label not supported: ${path}`)
    if (!known.includes(path))
      throw badRequest(
        `${JSON.stringify(path)} is not a known field selector: only ${known.map((name) => JSON.stringify(name)).join(', ')}`,
      )
    return (object) => (textAt(object, path) === value) === (operator !== '!=')
  })
  return (object) => tests.every((test) => test(object))
}

/** The selector of a request: labels and fields. */
export const parseSelectors = (
  query: URLSearchParams,
  type: ResourceType,
): Selector | undefined => {
  const labels = query.get('labelSelector')
  const fields = query.get('fieldSelector')
  const selectors = [
    ...(labels ? [parseLabelSelector(labels)] : []),
    ...(fields ? [parseFieldSelector(fields, type)] : []),
  ]
  if (selectors.length === 0) return undefined
  return (object) => selectors.every((select) => select(object))
}
