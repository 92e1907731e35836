import { isIPv6 } from 'node:net'
import { matchFrom } from '../characters.ts'
import type { Span } from '../span.ts'

const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])'
const V4 = new RegExp(`(?<![0-9A-Za-z_.-])(?:${OCTET}\\.){3}${OCTET}(?![0-9A-Za-z_]|\\.[0-9])`, 'g')
const V6 = /(?<![0-9A-Za-z_:.])[0-9A-Fa-f:][0-9A-Fa-f:.]{2,44}(?![0-9A-Za-z_:])/g

/** Every machine has these: they belong to nobody. */
const isOfNobody = (address: string): boolean =>
  address === '0.0.0.0' || address.startsWith('127.') || /^[0:]+1?$/.test(address)

/** `std::` and `a::b` are names in some languages; an address has a digit, and more than one part. */
const isAddress = (text: string): boolean => isIPv6(text) && /[0-9]/.test(text) && !isOfNobody(text)

/** Without what ends a sentence. */
const trim = (text: string): string => text.replace(/(?<!:):$|\.$/, '')

/** Addresses of machines, both of version 4 and 6. */
export const findIpAddresses = (text: string, from: number): Span[] => {
  const spans: Span[] = []
  for (const { 0: address, index } of matchFrom(text, from, V4)) {
    if (isOfNobody(address)) continue
    spans.push({ start: index, end: index + address.length, type: 'IPAddress' })
  }
  for (const { 0: run, index } of matchFrom(text, from, V6)) {
    const address = trim(run)
    if (!isAddress(address)) continue
    spans.push({ start: index, end: index + address.length, type: 'IPAddress' })
  }
  return spans
}
