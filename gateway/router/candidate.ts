import type { CompiledMatch } from '#config/compiled/api-route.ts'
import { type CompilePattern, createPatternCompiler, type Pattern } from '#lib/pattern/pattern.ts'
import type { RequestProbe } from './request-probe.ts'

/** One object in the index. */
export interface RouteEntry<T> {
  /** Unique per object. */
  readonly key: string
  readonly namespace: string
  readonly name: string
  /** RFC 3339. */
  readonly createdAt: string
  /** Lower case, `*.` wildcards; empty for every host. */
  readonly hostnames: readonly string[]
  readonly matches: readonly CompiledMatch[]
  readonly value: T
}

/** What a request is for. */
export interface RouteMatch<T> {
  readonly value: T
  /** Which of the object's matches it was. */
  readonly match: CompiledMatch
}

interface ValueTest {
  readonly name: string
  readonly accepts: (value: string) => boolean
}

/** One match of one object, ready to be tested and compared. */
export interface Candidate<T> {
  readonly result: RouteMatch<T>
  readonly path: Pattern | undefined
  readonly method: string | undefined
  readonly headers: readonly ValueTest[]
  readonly queryParams: readonly ValueTest[]
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  readonly fullName: string
  readonly key: string
  readonly position: number
}

type ValueMatch = CompiledMatch['headers'][number]

const toValueTest = ({ type, name, value }: ValueMatch, compile: CompilePattern): ValueTest => ({
  name,
  accepts: type === 'Exact' ? (text) => text === value : compile(value),
})

/** Most matches test nothing more, and one array in all stays in the processor's cache. */
const NO_TESTS: readonly ValueTest[] = []

const toValueTests = (
  matches: readonly ValueMatch[],
  compile: CompilePattern,
  toName: (name: string) => string,
): readonly ValueTest[] => {
  if (matches.length === 0) return NO_TESTS
  return matches.map((match) => toValueTest({ ...match, name: toName(match.name) }, compile))
}

/** @throws Error when a regular expression does not compile. */
export const toCandidates = <T>(entry: RouteEntry<T>): Candidate<T>[] => {
  const compile = createPatternCompiler()
  const createdAt = Date.parse(entry.createdAt)
  return entry.matches.map((match, position) => ({
    result: { value: entry.value, match },
    path: match.path.type === 'RegularExpression' ? compile(match.path.value) : undefined,
    method: match.method,
    headers: toValueTests(match.headers, compile, (name) => name.toLowerCase()),
    queryParams: toValueTests(match.queryParams, compile, (name) => name),
    createdAt: Number.isNaN(createdAt) ? Number.MAX_VALUE : createdAt,
    fullName: `${entry.namespace}/${entry.name}`,
    key: entry.key,
    position,
  }))
}

const compareText = (a: string, b: string): number => {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/**
 * Negative when `a` has precedence over `b`, for two of the same hostname and path type.
 * https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule
 */
export const compareCandidates = <T>(a: Candidate<T>, b: Candidate<T>): number =>
  b.result.match.path.value.length - a.result.match.path.value.length ||
  Number(a.method === undefined) - Number(b.method === undefined) ||
  b.headers.length - a.headers.length ||
  b.queryParams.length - a.queryParams.length ||
  a.createdAt - b.createdAt ||
  compareText(a.fullName, b.fullName) ||
  compareText(a.key, b.key) ||
  a.position - b.position

/** Whether all holds that the place in the tree does not already say. */
export const accepts = <T>(candidate: Candidate<T>, probe: RequestProbe): boolean => {
  if (candidate.method !== undefined && candidate.method !== probe.request.method) return false
  if (candidate.path !== undefined && !candidate.path(probe.request.path)) return false
  for (const test of candidate.headers) {
    const value = probe.header(test.name)
    if (value === undefined || !test.accepts(value)) return false
  }
  for (const test of candidate.queryParams) {
    const value = probe.queryParam(test.name)
    if (value === undefined || !test.accepts(value)) return false
  }
  return true
}
