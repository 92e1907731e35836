import { BlockList, isIPv6 } from 'node:net'

const familyOf = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4')

/** Where clouds hand out credentials, besides link-local addresses: Azure, Alibaba, AWS. */
const METADATA = ['168.63.129.16', '100.100.100.200', 'fd00:ec2::254']

/**
 * Which addresses no backend may have: those of the gateway's own host, link-local ones, and where
 * clouds hand out credentials. `allowed` (comma-separated CIDRs) makes exceptions.
 * @throws Error for what is no CIDR
 */
export const createAddressCheck = (allowed: string): ((address: string) => boolean) => {
  const denied = new BlockList()
  denied.addSubnet('127.0.0.0', 8, 'ipv4')
  denied.addSubnet('169.254.0.0', 16, 'ipv4')
  denied.addSubnet('0.0.0.0', 8, 'ipv4')
  // The host itself, and IPv4 addresses in their oldest disguise.
  denied.addSubnet('::', 96, 'ipv6')
  denied.addSubnet('fe80::', 10, 'ipv6')
  for (const address of METADATA) denied.addAddress(address, familyOf(address))
  const exceptions = new BlockList()
  for (const cidr of allowed.split(',').filter(Boolean)) {
    const [address = '', bits] = cidr.trim().split('/')
    exceptions.addSubnet(address, Number(bits), familyOf(address))
  }
  return (address) => {
    const family = familyOf(address)
    return exceptions.check(address, family) || !denied.check(address, family)
  }
}
