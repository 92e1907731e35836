import { expect, test } from 'vitest'
import { readMediaUrl, toMediaUrl } from './media-url.ts'
import { RequestFault } from './request-fault.ts'

test.each([
  ['https://example.com/a.png', { type: 'url', url: 'https://example.com/a.png' }],
  ['HTTP://example.com', { type: 'url', url: 'HTTP://example.com' }],
  ['data:image/png;base64,QQ==', { type: 'base64', mediaType: 'image/png', data: 'QQ==' }],
  ['DATA:Text/CSV;charset=utf-8;BASE64,QQ==', { mediaType: 'text/csv', data: 'QQ==' }],
  ['data:image/jpg;base64,QQ==', { mediaType: 'image/jpeg' }],
])('reads %s', (url, expected) => {
  expect(readMediaUrl(url, 'url')).toMatchObject(expected)
})

test.each([
  ...['', 'QQ==', 'ftp://example.com', 'file:///etc/passwd', 'xhttps://example.com'],
  ...['data:image/png,hello', 'data:;base64,QQ==', 'data:image/png;base64'],
])('refuses %j', (url) => {
  expect(() => readMediaUrl(url, 'image_url')).toThrow(RequestFault)
})

test.each(['https://example.com/a.png', 'data:image/png;base64,QQ=='])(
  'writes %s as it was',
  (url) => {
    expect(toMediaUrl(readMediaUrl(url, 'url'))).toBe(url)
  },
)
