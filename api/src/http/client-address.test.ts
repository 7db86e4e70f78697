import { expect, test } from 'bun:test';
import { clientAddressOf, readProxies } from './client-address.ts';
import { networkOf, rememberPeer } from './network.ts';

const proxies = readProxies(['127.0.0.1', '198.51.100.0/24', '2001:db8:1::/48']) ?? (() => false);
const clientOf = (peer: string, forwardedFor: string | null = null) => clientAddressOf(proxies, peer, forwardedFor);

test('a forwarded address counts when a configured proxy says it, and then only the one that it heard from', () => {
  expect(clientOf('127.0.0.1', '203.0.113.7')).toBe('203.0.113.7');
  expect(clientOf('::ffff:127.0.0.1', '1.1.1.1, 203.0.113.7')).toBe('203.0.113.7');
  expect(clientOf('127.0.0.1', '1.1.1.1, 203.0.113.7, 198.51.100.9')).toBe('203.0.113.7');
  expect(clientOf('2001:db8:1::5', '2001:db8:ffff::1')).toBe('2001:db8:ffff::1');
});

test('whatever anybody else claims is not believed', () => {
  expect(clientOf('203.0.113.7', '1.1.1.1')).toBe('203.0.113.7');
  expect(clientOf('127.0.0.1', '1.1.1.1, not an address')).toBe('127.0.0.1');
  expect(clientOf('127.0.0.1')).toBe('127.0.0.1');
  expect(clientAddressOf(readProxies([]) ?? (() => true), '127.0.0.1', '1.1.1.1')).toBe('127.0.0.1');
});

test('a list with something else in it is refused', () => {
  for (const wrong of ['everything', '127.0.0.1/33', '::1/129', '10.0.0.0/x', '/8']) expect(readProxies([wrong])).toBeUndefined();
});

test('a network is one IPv4 address, or the /64 of an IPv6 one', () => {
  const network = (address: string) => {
    const request = new Request('http://localhost/');
    rememberPeer(request, address);
    return networkOf(request);
  };
  expect(network('203.0.113.7')).not.toBe(network('203.0.113.8'));
  expect(network('::ffff:203.0.113.7')).toBe(network('203.0.113.7'));
  expect(network('2001:db8:1:2::1')).toBe(network('2001:db8:1:2:ffff:ffff:ffff:ffff'));
  expect(network('2001:db8:1:2::1')).not.toBe(network('2001:db8:1:3::1'));
});
