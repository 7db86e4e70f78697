// What the bench uses of Jazz: its packages are not the project's, so their own types are not there.
type Secret = string & { readonly secret: never };
type JazzPeer = { readonly peer: never };

/** A record: each change of a key is one signed and encrypted transaction. */
export interface JazzMap {
  readonly id: string;
  get(key: string): unknown;
  set(key: string, value: string): void;
  subscribe(listener: () => void): () => void;
}

interface JazzList {
  readonly id: string;
  appendItems(items: readonly string[]): void;
  asArray(): readonly string[];
}

interface Crypto {
  newRandomAgentSecret(): Secret;
  getAgentID(secret: Secret): string;
  newRandomSessionID(agent: string): string;
}

/** One device, or a server. */
export interface JazzNode {
  readonly syncManager: { addPeer(peer: JazzPeer): void; waitForAllCoValuesSync(timeoutMs: number): Promise<unknown> };
  setStorage(storage: unknown): void;
  createGroup(): { createMap(values: Record<string, unknown>): JazzMap; createList(items: readonly string[]): JazzList };
  load<Value extends JazzMap | JazzList>(id: string): Promise<Value | 'unavailable'>;
}

interface Entered {
  readonly peers: readonly JazzPeer[];
  readonly crypto: Crypto;
}

/** The engine, `cojson`. */
export interface Cojson {
  readonly LocalNode: {
    new (secret: Secret, session: string, crypto: Crypto): JazzNode;
    withNewlyCreatedAccount(
      options: Entered & { readonly creationProps: { readonly name: string } },
    ): Promise<{ node: JazzNode; accountID: string; accountSecret: Secret }>;
    withLoadedAccount(
      options: Entered & { readonly accountID: string; readonly accountSecret: Secret; readonly sessionID: undefined },
    ): Promise<JazzNode>;
  };
  getSqliteStorage(driver: object): unknown;
}

/** Its native cryptography. */
export interface JazzCrypto {
  readonly NapiCrypto: { create(): Promise<Crypto> };
}

/** Its line to a server, `cojson-transport-ws`. */
export interface JazzTransport {
  createWebSocketPeer(options: { readonly id: string; readonly role: string; readonly websocket: unknown }): JazzPeer;
}

/** A list of records. */
export type { JazzList };
