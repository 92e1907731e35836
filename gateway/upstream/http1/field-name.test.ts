import { describe, expect, it } from 'vitest'
import { FieldKind, fieldName } from './field-name.ts'

describe('fieldName', () => {
  it('knows a name in any spelling and keeps the spelling', () => {
    expect(fieldName('CONTENT-length')).toEqual({
      name: 'CONTENT-length',
      lower: 'content-length',
      kind: FieldKind.contentLength,
    })
    expect(fieldName('X-Any')?.kind).toBe(FieldKind.endToEnd)
    expect(fieldName('Proxy-Connection')?.kind).toBe(FieldKind.hopByHop)
  })

  it.each(['', ' a', 'a ', 'a b', 'a:', 'a\r\n', 'é', 'a\0'])('refuses %j', (raw) => {
    expect(fieldName(raw)).toBeUndefined()
  })

  it('goes on classifying after thousands of names nobody knows, short or long', () => {
    for (let index = 0; index < 5000; index++)
      expect(fieldName(`x-${index}`)?.name).toBe(`x-${index}`)
    const long = 'x'.repeat(5000)
    expect(fieldName(long)).toEqual({ name: long, lower: long, kind: FieldKind.endToEnd })
    expect(fieldName('Transfer-Encoding')?.kind).toBe(FieldKind.transferEncoding)
  })
})
