import { expect, it } from 'vitest'
import { createAddressCheck } from './denied-addresses.ts'

it.each([
  ['127.0.0.1', false],
  ['127.255.0.1', false],
  ['0.0.0.0', false],
  ['169.254.169.254', false],
  ['168.63.129.16', false],
  ['100.100.100.200', false],
  ['::1', false],
  ['::', false],
  ['::7f00:1', false],
  ['fe80::1', false],
  ['fd00:ec2::254', false],
  ['10.0.0.1', true],
  ['128.0.0.1', true],
  ['192.168.0.1', true],
  ['fd00::1', true],
  ['2001:db8::1', true],
])('%s may be a backend: %s', (address, allowed) => {
  expect(createAddressCheck('')(address)).toBe(allowed)
})

it('makes exceptions', () => {
  const isAllowed = createAddressCheck('127.0.0.1/32, fe80::/64')
  expect(['127.0.0.1', '127.0.0.2', 'fe80::1', 'fe80:1::1'].map(isAllowed)).toEqual([
    true,
    false,
    true,
    false,
  ])
})

it.each(['nonsense', '10.0.0.0', '10.0.0.0/x', '10.0.0.0/33'])('refuses %s', (text) => {
  expect(() => createAddressCheck(text)).toThrow()
})
