const peers = new WeakMap<Request, string>();

/** Remembers from where a request came; only the listener knows. */
export const rememberPeer = (request: Request, address: string): void => {
  peers.set(request, address);
};

/** The network a request came from: one IPv4 address or an IPv6 /64, as limits count it. */
export function networkOf(request: Request): string {
  const address = (peers.get(request) ?? 'unknown').replace(/^::ffff:(?=\d+\.)/, '');
  return address.includes(':') ? `${ipv6Groups(address).slice(0, 4).join(':')}::/64` : address;
}

/** The network as shown in the list of sessions: enough to recognise, not to locate. */
export function maskedNetworkOf(request: Request): string {
  const network = networkOf(request);
  if (network.includes(':')) return `${network.split(':').slice(0, 2).join(':')}:…`;
  return network.replace(/\.\d+\.\d+$/, '.x.x');
}

function ipv6Groups(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const left = head.split(':').filter(Boolean);
  const right = (tail ?? '').split(':').filter(Boolean);
  return [...left, ...Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0'), ...right];
}
