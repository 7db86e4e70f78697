import { expect, test } from 'bun:test';
import { dispatch, type Handlers } from './messages.ts';

const handlers: Handlers = {
  requestPairing: () => Promise.resolve(null),
  readPairing: () => Promise.resolve({ origin: 'http://localhost:4321', code: '123456' }),
  cancelPairing: () => Promise.resolve(null),
  relayPairing: () => Promise.resolve(null),
  sendWritten: () => Promise.resolve(null),
  lockedInApp: () => Promise.resolve(null),
  lockedHere: () => Promise.resolve(null),
  disconnect: () => Promise.resolve(null),
};
const popup = { own: true, pageUrl: undefined };
const page = { own: false, pageUrl: 'http://localhost:4321/settings/extension' };

test('a page reaches the pairing, tells of a lock, and nothing else', async () => {
  expect(await dispatch(handlers, { name: 'relayPairing', request: { message: {} } }, page)).toBeNull();
  expect(await dispatch(handlers, { name: 'lockedInApp', request: { account: 'ada' } }, page)).toBeNull();
  for (const name of Object.keys(handlers).filter((known) => known !== 'relayPairing' && known !== 'lockedInApp')) {
    expect(dispatch(handlers, { name, request: null }, page)).toBeUndefined();
  }
});

test('the popup reaches every other handler', async () => {
  expect(await dispatch(handlers, { name: 'readPairing', request: null }, popup)).toMatchObject({ code: '123456' });
});

test('what is no message is not answered', () => {
  for (const packet of [null, 'x', {}, { name: 'toString', request: null }, { name: 'unknown', request: null }]) {
    expect(dispatch(handlers, packet, popup)).toBeUndefined();
  }
});
