import { FieldError } from './field-error.ts'

/** An URL ready to dial. */
export interface DialableUrl {
  readonly protocol: 'http' | 'https'
  /** DNS name or IP address, without brackets. */
  readonly host: string
  readonly port: number
  /** Without a final slash; empty for none. */
  readonly path: string
}

const DEFAULT_PORT = { http: 80, https: 443 }

/** @throws FieldError when it is not an absolute http or https URL. */
export const compileUrl = (text: string, field: string): DialableUrl => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url?.hostname) throw new FieldError(`${field}: not an absolute http or https URL`)
  if (url.port === '0') throw new FieldError(`${field}: nothing listens on port 0`)
  const protocol = url.protocol === 'https:' ? 'https' : 'http'
  return {
    protocol,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? DEFAULT_PORT[protocol] : Number(url.port),
    path: url.pathname.replace(/\/+$/, ''),
  }
}
