/** A record that every peer keeps as four encrypted fields. */
export interface PeerRecord {
  readonly title: string;
  readonly body: string;
  readonly done: boolean;
  readonly order: string;
}

/** Order of the first record. */
export const firstOrder = 'a000000';

/** One device of a person, whichever system it belongs to. Devices keep their records in memory, servers on the disk. */
export interface PeerDevice {
  /** Writes records; resolves when the device itself keeps them. */
  write(records: readonly PeerRecord[]): Promise<void>;
  /** Resolves when the server keeps everything that was written here. */
  uploaded(): Promise<void>;
  /** Resolves when so many records can be read here, with every field. */
  whenReadable(count: number): Promise<void>;
  /** Resolves when what others write comes by itself. */
  whenLive(): Promise<void>;
  /** Gives the first record another title. */
  retitle(title: string): Promise<void>;
  /** Resolves when the first record bears this title here. */
  whenTitled(title: string): Promise<void>;
}

/** A system that syncs end-to-end encrypted records, with its server at work. */
export interface SyncPeer {
  /** The device that writes: its account is new. */
  openFirst(): Promise<PeerDevice>;
  /** A device that knows nothing yet but who its person is. */
  openSecond(): Promise<PeerDevice>;
  close(): Promise<void>;
}
