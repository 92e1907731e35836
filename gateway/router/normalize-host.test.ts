import { expect, it } from 'vitest'
import { normalizeHost } from './normalize-host.ts'

it.each([
  ['example.com', 'example.com'],
  ['Api.EXAMPLE.com:8080', 'api.example.com'],
  ['example.com.', 'example.com'],
  ['example.com.:443', 'example.com'],
  ['localhost:1', 'localhost'],
  ['127.0.0.1:65535', '127.0.0.1'],
  ['my_svc.ns', 'my_svc.ns'],
  ['[::1]', '[::1]'],
  ['[2001:DB8::A]:80', '[2001:db8::a]'],
  ['[::ffff:1.2.3.4]', '[::ffff:1.2.3.4]'],
  [`${'a'.repeat(253)}.`, 'a'.repeat(253)],
  ['', ''],
  [undefined, ''],
])('%s is the host %s', (raw, host) => {
  expect(normalizeHost(raw)).toBe(host)
})

it.each([
  ['user information', 'user@example.com'],
  ['space', 'a b'],
  ['a space at the end', 'a.com '],
  ['a line end', 'a.com\n'],
  ['two colons without brackets', '::1'],
  ['a second port', 'a:80:80'],
  ['a port that is none', 'a.com:http'],
  ['an empty port', 'a.com:'],
  ['a negative port', 'a.com:-1'],
  ['a port too high', 'a.com:65536'],
  ['a port too long', 'a.com:000080'],
  ['only a port', ':80'],
  ['only a dot', '.'],
  ['an empty label', 'a..com'],
  ['two final dots', 'a.com..'],
  ['a path', 'a.com/b'],
  ['a backslash', 'a.com\\b'],
  ['a query', 'a.com?b'],
  ['a fragment', 'a.com#b'],
  ['an escape', '%61.com'],
  ['non-ASCII', 'é.com'],
  ['a letter whose lower case is ASCII', '\u212Aube.com'],
  ['an unfinished bracket', '[::1'],
  ['brackets around a name', '[example.com]'],
  ['brackets around IPv4', '[1.2.3.4]'],
  ['no IPv6 address', '[:::1]'],
  ['a zone', '[fe80::1%25eth0]'],
  ['text after the bracket', '[::1]a'],
  ['a name too long', 'a'.repeat(254)],
])('%s is refused', (_, raw) => {
  expect(normalizeHost(raw)).toBeUndefined()
})
