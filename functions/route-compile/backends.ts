import type { CompiledBackend } from '#config/compiled/api-route.ts'
import type { BackendRef } from '#config/kinds/api-route-backend.ts'
import { FieldError } from './field-error.ts'

const DEFAULT_PORT = { http: 80, https: 443 }

const compileUrl = (text: string, field: string): CompiledBackend => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url?.hostname) throw new FieldError(`${field}: not an absolute http or https URL`)
  if (url.port === '0') throw new FieldError(`${field}: nothing listens on port 0`)
  const protocol = url.protocol === 'https:' ? 'https' : 'http'
  const port = url.port === '' ? DEFAULT_PORT[protocol] : Number(url.port)
  return { kind: 'URL', protocol, host: url.hostname.replace(/^\[|\]$/g, ''), port }
}

/** @throws FieldError when the reference names nothing, or more than one thing. */
export const compileBackend = (ref: BackendRef, field: string): CompiledBackend => {
  const { group, name, port, url } = ref
  if ((name === undefined) === (url === undefined)) {
    throw new FieldError(`${field}: exactly one of name and url must be set`)
  }
  if (url !== undefined) return compileUrl(url, `${field}.url`)
  if (group !== '') return { kind: 'KnativeService', name: name ?? '' }
  if (port === undefined) throw new FieldError(`${field}.port: is required for a core Service`)
  return { kind: 'Service', name: name ?? '', port }
}
