import { createNameTable } from '../headers/name-table.ts'
import { joinValues, withoutNamed } from './hop-by-hop.ts'

const RESPONSE_ROLES = new Map<string, 'connection' | 'drop' | 'encoding' | 'length'>([
  ['connection', 'connection'],
  ['content-length', 'length'],
  ['transfer-encoding', 'encoding'],
  ['keep-alive', 'drop'],
  ['proxy-authenticate', 'drop'],
  ['proxy-authentication-info', 'drop'],
  ['proxy-connection', 'drop'],
  ['te', 'drop'],
  ['trailer', 'drop'],
  ['upgrade', 'drop'],
])

const responseRoleOf = createNameTable((name) =>
  name.startsWith(':') ? 'drop' : (RESPONSE_ROLES.get(name) ?? 'keep'),
)

/**
 * The headers of an upstream's response less what is for its connection only. Content-Length
 * stays, unless there is a Transfer-Encoding, which overrides it (RFC 9112 §6.3).
 */
export const toResponseHeaders = (headers: readonly string[]): string[] => {
  const kept: string[] = []
  let connection: string | undefined
  let length: string | undefined
  let isEncoded = false
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = headers[i] as string
    const value = headers[i + 1] as string
    const role = responseRoleOf(name)
    if (role === 'keep') kept.push(name, value)
    else if (role === 'length') length = value
    else if (role === 'encoding') isEncoded = true
    else if (role === 'connection') connection = joinValues(connection, value)
  }
  if (length !== undefined && !isEncoded) kept.push('content-length', length)
  return withoutNamed(kept, connection)
}
