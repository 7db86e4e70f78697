import type { Attack } from '../hostile-server.ts';

/** What a client makes of a lie: it reports it and shows nothing forged, it is not touched by it, or the person is told and keeps their edit. */
export type Outcome = 'refused' | 'ignored' | 'told';

/** One scripted lie of a server. */
export interface HostileAct {
  /** What the server does, as a fact. */
  readonly name: string;
  /** The kind of attack: a row of a catalogue of attacks on end-to-end encrypted sync. */
  readonly kind:
    | 'swap'
    | 're-time'
    | 're-attribute'
    | 'downgrade'
    | 'tamper'
    | 'rollback'
    | 'replay'
    | 'truncate'
    | 'forge'
    | 'false verdict'
    | 'clock'
    | 'parser';
  readonly expects: Outcome;
  /** Whose screen is looked at; by default the device that reads what the other one wrote. */
  readonly watched?: 'reader' | 'writer';
  /** Made anew for each run: a lie may remember what it saw. */
  readonly lie: () => Attack;
}

/** Makes an act whose lie remembers nothing. */
export const act = (kind: HostileAct['kind'], name: string, { expects, ...lie }: Attack & { readonly expects: Outcome }): HostileAct => ({
  kind,
  name,
  expects,
  lie: () => ({ ...lie }),
});
