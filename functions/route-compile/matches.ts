import type { CompiledMatch } from '#config/compiled/api-route.ts'
import type { ApiRouteSpec } from '#config/kinds/api-route.ts'
import { normalizePath } from '#lib/http/normalize-path.ts'
import { type CompilePattern, createPatternCompiler } from '#lib/pattern/pattern.ts'
import { FieldError } from '../runtime/field-error.ts'

type SpecMatch = NonNullable<ApiRouteSpec['matches']>[number]
type ValueMatches = NonNullable<SpecMatch['headers'] | SpecMatch['queryParams']>

/** Refuses what the gateway could not compile, with the gateway's own compiler. */
const checkPattern = (compile: CompilePattern, source: string, field: string): string => {
  try {
    compile(source)
    return source
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause)
    throw new FieldError(`${field}: not a usable RE2 expression: ${detail}`, { cause })
  }
}

const checkValues = (compile: CompilePattern, matches: ValueMatches, field: string) => {
  const names = new Set<string>()
  for (const [index, { type, name, value }] of matches.entries()) {
    const entry = `${field}[${index}]`
    if (names.has(name)) throw new FieldError(`${entry}.name: ${name} is given twice`)
    names.add(name)
    if (type === 'RegularExpression') checkPattern(compile, value, `${entry}.value`)
  }
  return matches
}

/** A path that requests are never normalised to would never match. */
const checkPath = (value: string, field: string): string => {
  const normal = normalizePath(value)
  if (normal === value) return value
  const hint = normal === undefined ? 'not a valid path' : `write ${normal}`
  throw new FieldError(`${field}: no request has this path; ${hint}`)
}

const compilePath = (
  compile: CompilePattern,
  path: SpecMatch['path'],
  field: string,
): CompiledMatch['path'] => {
  const { type = 'PathPrefix', value = '/' } = path ?? {}
  if (type === 'RegularExpression') return { type, value: checkPattern(compile, value, field) }
  checkPath(value, field)
  return { type, value: type === 'PathPrefix' ? value.replace(/\/$/, '') : value }
}

/** The matches of one route, whose patterns share a budget. @throws FieldError */
export const compileMatches = (matches: SpecMatch[]): CompiledMatch[] => {
  const compile = createPatternCompiler()
  return matches.map((match, index) => {
    const field = `spec.matches[${index}]`
    const headers = (match.headers ?? []).map((header) => ({
      ...header,
      name: header.name.toLowerCase(),
    }))
    return {
      path: compilePath(compile, match.path, `${field}.path.value`),
      ...(match.method && { method: match.method }),
      headers: checkValues(compile, headers, `${field}.headers`),
      queryParams: checkValues(compile, match.queryParams ?? [], `${field}.queryParams`),
    }
  })
}
