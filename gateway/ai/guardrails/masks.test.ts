import { expect, test } from 'vitest'
import { createMasks } from './masks.ts'
import { createUnmasker, unmask, type Vault } from './vault.ts'

const vaultOf = (values: Record<string, string>): Vault => ({
  values: new Map(Object.entries(values)),
  isTaken: () => false,
  isJson: false,
})

test('the same value gets the same mask, another one another', () => {
  const masks = createMasks(() => false)
  expect(masks.toMask('Email', 'a@b.co', true)).toBe('[EMAIL_1]')
  expect(masks.toMask('Email', 'c@d.co', true)).toBe('[EMAIL_2]')
  expect(masks.toMask('Email', 'a@b.co', true)).toBe('[EMAIL_1]')
  expect(masks.toMask('CreditCard', 'a@b.co', true)).toBe('[CREDIT_CARD_1]')
  expect(masks.values.get('[EMAIL_2]')).toBe('c@d.co')
})

test('a mask that means something else is not given', () => {
  const masks = createMasks((mask) => mask === '[EMAIL_1]' || mask === '[EMAIL_2]')
  expect(masks.toMask('Email', 'a@b.co', true)).toBe('[EMAIL_3]')
})

test('what is not put back is not kept', () => {
  const masks = createMasks(() => false)
  expect(masks.toMask('Email', 'a@b.co', false)).toBe('[EMAIL_1]')
  expect(masks.toMask('Email', 'a@b.co', true)).toBe('[EMAIL_2]')
  expect([...masks.values]).toEqual([['[EMAIL_2]', 'a@b.co']])
})

test.each([
  ['to [EMAIL_1].', 'to a@b.co.'],
  ['[EMAIL_1][EMAIL_1]', 'a@b.coa@b.co'],
  ['[[EMAIL_1]]', '[a@b.co]'],
  ['[EMAIL_10] [EMAIL_2] [email_1] EMAIL_1', '[EMAIL_10] [EMAIL_2] [email_1] EMAIL_1'],
])('puts back what %j means', (text, expected) => {
  expect(unmask(text, vaultOf({ '[EMAIL_1]': 'a@b.co' }), false)).toBe(expected)
})

test('what is put back is not looked at again', () => {
  const vault = vaultOf({ '[EMAIL_1]': '[EMAIL_2]', '[EMAIL_2]': '$& "x"' })
  expect(unmask('[EMAIL_1] [EMAIL_2]', vault, false)).toBe('[EMAIL_2] $& "x"')
  expect(unmask('[EMAIL_2]', vault, true)).toBe('$& \\"x\\"')
})

test('holds back only what may be a mask', () => {
  const unmasker = createUnmasker(vaultOf({ '[EMAIL_1]': 'a@b.co' }), false)
  expect(unmasker.push('a [EMA')).toBe('a ')
  expect(unmasker.push('IL_1')).toBe('')
  expect(unmasker.push('] b [x')).toBe('a@b.co b [x')
  expect(unmasker.push(' [EM')).toBe(' ')
  expect(unmasker.end()).toBe('[EM')
})

test('a text of masks that do not end takes time linear in it', () => {
  const text = '[EMAIL_'.repeat(200_000)
  expect(unmask(text, vaultOf({ '[EMAIL_1]': 'x' }), false)).toBe(text)
})
