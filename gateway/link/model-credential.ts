import type { CompiledModel } from '#config/compiled/ai-model.ts'
import type { Problem } from '#config/compiled/events.ts'
import type { SecretBook } from './secret-book.ts'

/** What shows a provider who calls, as it is at this moment. */
export type Credential =
  | { readonly type: 'Header'; readonly name: string; readonly value: string }
  | {
      readonly type: 'AWS'
      readonly region: string
      readonly accessKeyId: string
      readonly secretAccessKey: string
      readonly sessionToken?: string
    }

/** Reads the credential of one model, anew each time: rotation needs no edit. */
export interface CredentialReader {
  /** @returns undefined when it is missing, or could not be sent */
  read(): Credential | undefined
  /** Why `read` finds nothing; undefined when it finds something. */
  findProblem(): Problem | undefined
}

type Spec = NonNullable<CompiledModel['credential']>
type Book = Pick<SecretBook, 'read' | 'findProblem'>

/** RFC 9110 §5.5, without obs-text: a value with a line break would end the header. */
const HEADER_VALUE = /^[\x20-\x7e]+$/

const AWS_KEYS = ['accessKeyId', 'secretAccessKey'] as const

/** The entries of the Secret that must be there. */
const toKeys = (spec: Spec): readonly string[] => (spec.type === 'AWS' ? AWS_KEYS : [spec.key])

export const createCredentialReader = (
  namespace: string,
  spec: Spec,
  secrets: Book,
): CredentialReader => {
  const toEntry = (key: string) => ({ namespace, name: spec.secret, key })
  /** @returns undefined for what no header could carry, too */
  const readEntry = (key: string): string | undefined => {
    const value = secrets.read(toEntry(key))
    return value !== undefined && HEADER_VALUE.test(value) ? value : undefined
  }
  const readAws = (region: string): Credential | undefined => {
    const [accessKeyId, secretAccessKey] = AWS_KEYS.map(readEntry)
    const sessionToken = readEntry('sessionToken')
    if (accessKeyId === undefined || secretAccessKey === undefined) return undefined
    const keys = { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) }
    return { type: 'AWS', region, ...keys }
  }
  return {
    read() {
      if (spec.type === 'AWS') return readAws(spec.region)
      const value = readEntry(spec.key)
      return value === undefined
        ? undefined
        : { type: 'Header', name: spec.header, value: spec.prefix + value }
    },
    findProblem() {
      for (const key of toKeys(spec)) {
        const problem = secrets.findProblem(toEntry(key))
        if (problem) return problem
        if (readEntry(key) !== undefined) continue
        const message = `entry ${key} of Secret ${spec.secret} is empty or no header could carry it`
        return { reason: 'InvalidCredential', message }
      }
      return undefined
    },
  }
}
