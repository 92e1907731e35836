import { expect, test } from 'vitest'
import { RequestFault } from '../../chat/request-fault.ts'
import { encodeMedia } from './media.ts'

const encode = (url: string) => encodeMedia({ type: 'url', url })

test.each([
  'https://generativelanguage.googleapis.com/v1beta/files/abc',
  'https://user@GenerativeLanguage.googleapis.com.:443/v1beta/files/abc',
  'https://staging-generativelanguage.googleapis.com/v1beta/files/abc',
  'https://[/v1beta/files/abc',
  'no url',
])('refuses what is stored at the provider: %s', (url) => {
  expect(() => encode(url)).toThrow(RequestFault)
})

test.each(['https://example.com/generativelanguage.googleapis.com', 'https://youtu.be/a'])(
  'leaves it to the provider to read %s',
  (url) => {
    expect(encode(url)).toEqual({ fileData: { mimeType: undefined, fileUri: url } })
  },
)
