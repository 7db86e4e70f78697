import { BlockList, isIP } from 'node:net';

/** Whether an address belongs to one of the operator's proxies. */
export type IsProxy = (address: string) => boolean;

const plain = (address: string): string => address.trim().replace(/^::ffff:(?=\d+\.)/i, '');

/** Reads addresses and networks in the form address/bits; undefined when one of them is neither. */
export function readProxies(list: readonly string[]): IsProxy | undefined {
  const proxies = new BlockList();
  for (const entry of list) {
    const [address = '', length] = entry.split('/');
    const family = isIP(address);
    const bits = family === 4 ? 32 : 128;
    const prefix = length === undefined ? bits : Number(length);
    if (family === 0 || !Number.isInteger(prefix) || prefix < 0 || prefix > bits) return undefined;
    proxies.addSubnet(address, prefix, family === 4 ? 'ipv4' : 'ipv6');
  }
  return (address) => isIP(address) !== 0 && proxies.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
}

/**
 * Who really asks: what a proxy of ours says it heard from, what the proxy before it says, and so on.
 * Whatever anybody else writes into the header is not believed.
 */
export function clientAddressOf(isProxy: IsProxy, peer: string, forwardedFor: string | null): string {
  const hops = (forwardedFor ?? '').split(',').map(plain);
  let address = plain(peer);
  while (isProxy(address)) {
    const hop = hops.pop();
    if (hop === undefined || isIP(hop) === 0) break;
    address = hop;
  }
  return address;
}
