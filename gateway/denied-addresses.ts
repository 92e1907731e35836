import { BlockList, isIPv6 } from 'node:net'

/**
 * Which addresses no backend may have: those of the gateway's own host, and link-local ones, where
 * clouds keep credentials. `allowed` (comma-separated CIDRs) makes exceptions.
 * @throws Error for what is no CIDR
 */
export const createAddressCheck = (allowed: string): ((address: string) => boolean) => {
  const denied = new BlockList()
  denied.addSubnet('127.0.0.0', 8, 'ipv4')
  denied.addSubnet('169.254.0.0', 16, 'ipv4')
  denied.addSubnet('0.0.0.0', 8, 'ipv4')
  denied.addAddress('::1', 'ipv6')
  denied.addAddress('::', 'ipv6')
  denied.addSubnet('fe80::', 10, 'ipv6')
  const exceptions = new BlockList()
  for (const cidr of allowed.split(',').filter(Boolean)) {
    const [address = '', bits] = cidr.trim().split('/')
    exceptions.addSubnet(address, Number(bits), isIPv6(address) ? 'ipv6' : 'ipv4')
  }
  return (address) => {
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    return exceptions.check(address, family) || !denied.check(address, family)
  }
}
