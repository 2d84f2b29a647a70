import { BlockList, isIPv6 } from 'node:net'

/** Where an address leads. */
export type Reach = 'public' | 'loopback' | 'private'

/**
 * Whether an address is of this machine, of the public internet or of anything else: networks of one's own, link-local
 * ones with the metadata services of clouds, shared, reserved and multicast ones. IPv6 is public only in the range that
 * is handed out for that, less what in it stands for other networks or for an IPv4 address.
 * Source: IANA's registries of special-purpose addresses.
 */
export function reachOf(address: string): Reach {
  const family = isIPv6(address) ? 'ipv6' : 'ipv4'
  if (loopback.check(address, family)) return 'loopback'
  if (family === 'ipv6' && !global.check(address, family)) return 'private'
  return special.check(address, family) ? 'private' : 'public'
}

const loopback = blocks('127.0.0.0/8', '::1/128')

const global = blocks('2000::/3')

const special = blocks(
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
)

function blocks(...ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [network = '', prefix = ''] = range.split('/')
    list.addSubnet(network, Number(prefix), isIPv6(network) ? 'ipv6' : 'ipv4')
  }
  return list
}
