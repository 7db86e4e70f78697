import type { CDPSession, Page } from '@playwright/test';

/** How authenticators answer to PRF, as they are found in the world. */
export const prfShapes = {
  /** When the passkey is made and when it is asked. */
  prf: { hasPrf: true },
  /** Only when it is asked: most security keys. */
  'hmac-secret': { hasHmacSecret: true },
  /** Like the first, by an extension of its own. */
  'hmac-secret-mc': { hasHmacSecret: true, hasHmacSecretMc: true },
  none: {},
} as const;

export type PrfShape = keyof typeof prfShapes;

/** An authenticator built into the browser of one page; whoever it asks agrees at once. */
export class VirtualAuthenticator {
  readonly #session: CDPSession;
  readonly #authenticatorId: string;

  private constructor(session: CDPSession, authenticatorId: string) {
    this.#session = session;
    this.#authenticatorId = authenticatorId;
  }

  static async add(page: Page, shape: PrfShape): Promise<VirtualAuthenticator> {
    const session = await page.context().newCDPSession(page);
    await session.send('WebAuthn.enable', { enableUI: false });
    const options = {
      protocol: 'ctap2' as const,
      ctap2Version: 'ctap2_1' as const,
      transport: 'internal' as const,
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      ...prfShapes[shape],
    };
    const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', { options });
    return new VirtualAuthenticator(session, authenticatorId);
  }

  /** The person is no longer recognised: wrong finger, wrong face. */
  async failVerification(): Promise<void> {
    await this.#session.send('WebAuthn.setUserVerified', { authenticatorId: this.#authenticatorId, isUserVerified: false });
  }

  /** The person deletes the passkeys on their side. */
  async forget(): Promise<void> {
    await this.#session.send('WebAuthn.clearCredentials', { authenticatorId: this.#authenticatorId });
  }
}
