import type {
  CompiledCors,
  CompiledPathModifier,
  CompiledRoute,
  HeaderEdits,
} from '#config/compiled/api-route.ts'
import { RESERVED_HEADERS } from '#config/compiled/reserved-headers.ts'
import type { PathModifier, RouteFilter } from '#config/kinds/api-route-filter.ts'
import { FieldError } from '../runtime/field-error.ts'
import { compileBackend } from './backends.ts'

const required = <T>(value: T | undefined, field: string): T => {
  if (value === undefined) throw new FieldError(`${field}: is required for this type`)
  return value
}

const compileHeaders = (
  edits: NonNullable<RouteFilter['requestHeaderModifier']>,
  field: string,
): HeaderEdits => {
  const { set = [], add = [], remove = [] } = edits
  const check = (list: string, name: string, index: number): string => {
    if (!RESERVED_HEADERS.has(name.toLowerCase())) return name
    throw new FieldError(`${field}.${list}[${index}]: ${name} belongs to the gateway`)
  }
  return {
    set: set.map(({ name, value }, index) => [check('set', name, index), value]),
    add: add.map(({ name, value }, index) => [check('add', name, index), value]),
    remove: remove.map((name, index) => check('remove', name, index).toLowerCase()),
  }
}

const compileModifier = (modifier: PathModifier, field: string): CompiledPathModifier => {
  const { type, replaceFullPath, replacePrefixMatch } = modifier
  return type === 'ReplaceFullPath'
    ? { type, value: required(replaceFullPath, `${field}.replaceFullPath`) }
    : { type, value: required(replacePrefixMatch, `${field}.replacePrefixMatch`) }
}

/** Redirects and rewrites alike: what they say, with the path change compiled. */
const compileTarget = <T extends { path?: PathModifier | undefined }>(
  target: T,
  field: string,
): Omit<T, 'path'> & { path?: CompiledPathModifier } => {
  const { path, ...rest } = target
  return { ...rest, ...(path && { path: compileModifier(path, `${field}.path`) }) }
}

const compileCors = ({ maxAge, ...cors }: NonNullable<RouteFilter['cors']>): CompiledCors => ({
  ...cors,
  maxAgeSeconds: maxAge,
})

const compileMirror = (mirror: NonNullable<RouteFilter['requestMirror']>, field: string) => ({
  backend: compileBackend(mirror.backendRef, `${field}.backendRef`),
  percent: mirror.percent,
})

/** The field of a filter that its type names, and where it is. */
const read = <K extends keyof RouteFilter>(filter: RouteFilter, name: K, field: string) => {
  const at = `${field}.${name}`
  return [required(filter[name], at) as NonNullable<RouteFilter[K]>, at] as const
}

/** What a filter adds to the compiled route. */
const compileFilter = (filter: RouteFilter, field: string): Partial<CompiledRoute> => {
  switch (filter.type) {
    case 'RequestHeaderModifier':
      return { requestHeaders: compileHeaders(...read(filter, 'requestHeaderModifier', field)) }
    case 'ResponseHeaderModifier':
      return { responseHeaders: compileHeaders(...read(filter, 'responseHeaderModifier', field)) }
    case 'RequestRedirect':
      return { redirect: compileTarget(...read(filter, 'requestRedirect', field)) }
    case 'URLRewrite':
      return { rewrite: compileTarget(...read(filter, 'urlRewrite', field)) }
    case 'RequestMirror':
      return { mirrors: [compileMirror(...read(filter, 'requestMirror', field))] }
    case 'CORS':
      return { cors: compileCors(read(filter, 'cors', field)[0]) }
  }
}

/** All filters of a route; of one type at most one is there, except for mirrors. @throws FieldError */
export const compileFilters = (filters: RouteFilter[]): Partial<CompiledRoute> => {
  const parts = filters.map((filter, index) => compileFilter(filter, `spec.filters[${index}]`))
  const merged: Partial<CompiledRoute> = Object.assign({}, ...parts)
  return { ...merged, mirrors: parts.flatMap((part) => part.mirrors ?? []) }
}
