import type { CompiledBackend } from '#config/compiled/api-route.ts'
import type { BackendRef } from '#config/kinds/api-route-backend.ts'
import { compileUrl } from '../runtime/compile-url.ts'
import { FieldError } from '../runtime/field-error.ts'

/** @throws FieldError when the reference names nothing, or more than one thing. */
export const compileBackend = (ref: BackendRef, field: string): CompiledBackend => {
  const { group, name, port, url } = ref
  if ((name === undefined) === (url === undefined)) {
    throw new FieldError(`${field}: exactly one of name and url must be set`)
  }
  if (url !== undefined) {
    const { protocol, host, port } = compileUrl(url, `${field}.url`)
    return { kind: 'URL', protocol, host, port }
  }
  if (group !== '') return { kind: 'KnativeService', name: name ?? '' }
  if (port === undefined) throw new FieldError(`${field}.port: is required for a core Service`)
  return { kind: 'Service', name: name ?? '', port }
}
