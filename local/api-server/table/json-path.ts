import { isObject, type Json } from '../json.ts'

type Step = (values: readonly Json[]) => Json[]

const field =
  (name: string): Step =>
  (values) =>
    values.flatMap((value) =>
      isObject(value) && Object.hasOwn(value, name) ? [value[name] ?? null] : [],
    )

const wildcard: Step = (values) =>
  values.flatMap((value) => {
    if (Array.isArray(value)) return value
    return isObject(value) ? Object.values(value) : []
  })

const index =
  (at: number): Step =>
  (values) =>
    values.flatMap((value) => {
      const item = Array.isArray(value) ? value.at(at) : undefined
      return item === undefined ? [] : [item]
    })

const slice =
  (from: number | undefined, to: number | undefined): Step =>
  (values) =>
    values.flatMap((value) => (Array.isArray(value) ? value.slice(from, to) : []))

const descend = (value: Json): Json[] => {
  if (Array.isArray(value)) return [value, ...value.flatMap(descend)]
  return isObject(value) ? [value, ...Object.values(value).flatMap(descend)] : [value]
}

const COMPARISONS: Record<string, (left: Json, right: Json) => boolean> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '<': (left, right) => Number(left) < Number(right),
  '<=': (left, right) => Number(left) <= Number(right),
  '>': (left, right) => Number(left) > Number(right),
  '>=': (left, right) => Number(left) >= Number(right),
}

const FILTER = /^@([^=!<>]*?)\s*(?:(==|!=|<=|>=|<|>)\s*(.+?))?\s*$/

const literal = (source: string): Json => {
  const quoted = /^'(.*)'$|^"(.*)"$/.exec(source)
  if (quoted) return quoted[1] ?? quoted[2] ?? ''
  if (source === 'true' || source === 'false') return source === 'true'
  return Number.isNaN(Number(source)) ? source : Number(source)
}

const filter = (source: string): Step => {
  const [matched, path = '', operator, right = ''] = FILTER.exec(source.trim()) ?? []
  if (matched === undefined) throw new SyntaxError(`unrecognized filter: ${source}`)
  const read = parsePath(path)
  const accepts = (item: Json): boolean => {
    const found = read(item)
    if (!operator) return found.length > 0
    const compare = COMPARISONS[operator]
    return found.some((value) => compare?.(value, literal(right)) ?? false)
  }
  return (values) => values.flatMap((value) => (Array.isArray(value) ? value.filter(accepts) : []))
}

const number = (source: string): number | undefined => (source === '' ? undefined : Number(source))

const bracket = (inside: string): Step => {
  if (inside === '*') return wildcard
  const name = /^'(.*)'$|^"(.*)"$/.exec(inside)
  if (name) return field(name[1] ?? name[2] ?? '')
  const expression = /^\?\((.*)\)$/.exec(inside)
  if (expression) return filter(expression[1] ?? '')
  const range = /^(-?\d*):(-?\d*)$/.exec(inside)
  if (range) return slice(number(range[1] ?? ''), number(range[2] ?? ''))
  if (!/^-?\d+$/.test(inside)) throw new SyntaxError(`invalid array index ${inside}`)
  return index(Number(inside))
}

const TOKEN = /^(?:\.\.|\[(\?\(.*?\)|'[^']*'|"[^"]*"|[^\]]*)\]|\.?\*|\.?((?:\\.|[^.[\]\\])+)|\.$)/

const stepOf = (token: string, inside: string | undefined, name: string | undefined): Step => {
  if (token === '..') return (values) => values.flatMap(descend)
  if (inside !== undefined) return bracket(inside)
  if (name !== undefined) return field(name.replaceAll(/\\(.)/g, '$1'))
  return token.endsWith('*') ? wildcard : (values) => [...values]
}

const parsePath = (source: string): ((root: Json) => Json[]) => {
  const steps: Step[] = []
  let rest = source.replace(/^\$/, '')
  while (rest !== '') {
    const [token, inside, name] = TOKEN.exec(rest) ?? []
    if (token === undefined) throw new SyntaxError(`unexpected ${rest} in JSONPath ${source}`)
    steps.push(stepOf(token, inside, name))
    rest = rest.slice(token.length)
  }
  return (root) => steps.reduce<Json[]>((values, step) => step(values), [root])
}

/**
 * Compiles a JSONPath as printer columns use it (with or without braces).
 * https://kubernetes.io/docs/reference/kubectl/jsonpath/
 * @throws SyntaxError when it is none
 */
export const compileJsonPath = (source: string): ((root: Json) => Json[]) =>
  parsePath(
    source
      .trim()
      .replace(/^\{(.*)\}$/, '$1')
      .trim(),
  )
