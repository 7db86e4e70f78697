/** Paths of the API, in one place for server, clients and tests. */
export const paths = {
  registerStart: '/api/v1/auth/register/start',
  registerFinish: '/api/v1/auth/register/finish',
  loginStart: '/api/v1/auth/login/start',
  loginFinish: '/api/v1/auth/login/finish',
  loginAbandon: '/api/v1/auth/login/abandon',
  logout: '/api/v1/auth/logout',
  session: '/api/v1/auth/session',
  sessions: '/api/v1/auth/sessions',
  pair: '/api/v1/auth/pair',
  token: '/api/v1/auth/token',
  recoveryWrap: '/api/v1/auth/wraps/recovery',
  passwordStart: '/api/v1/auth/password/start',
  passwordFinish: '/api/v1/auth/password/finish',
  recoveryStart: '/api/v1/auth/recovery/start',
  recoveryFinish: '/api/v1/auth/recovery/finish',
  keyProof: '/api/v1/auth/proof',
  totp: '/api/v1/auth/totp',
  totpEnable: '/api/v1/auth/totp/enable',
  totpConfirm: '/api/v1/auth/totp/confirm',
  totpDisable: '/api/v1/auth/totp/disable',
  securityLog: '/api/v1/me/security-log',
  passkeyCapability: '/api/v1/auth/passkeys/capability',
  passkeyRegisterOptions: '/api/v1/auth/passkeys/register/options',
  passkeyRegisterVerify: '/api/v1/auth/passkeys/register/verify',
  passkeyAuthenticateOptions: '/api/v1/auth/passkeys/authenticate/options',
  passkeyAuthenticateVerify: '/api/v1/auth/passkeys/authenticate/verify',
  passkeys: '/api/v1/auth/passkeys',
  jwks: '/.well-known/jwks.json',
  bootstrapSingletons: '/api/v1/me/bootstrap-singletons',
  relatedOrigins: '/.well-known/webauthn',
  spaces: '/api/v1/spaces',
  invitations: '/api/v1/invitations',
  lookInvitation: '/api/v1/invitations/look',
  acceptInvitation: '/api/v1/invitations/accept',
  push: '/api/v1/sync/push',
  pull: '/api/v1/sync/pull',
  time: '/api/v1/sync/time',
  live: '/api/v1/sync/live',
  healthLive: '/health/live',
  healthReady: '/health/ready',
} as const;

/** Header with the version of the wire that a client speaks; a server that cannot serve it says so. */
export const WIRE_VERSION_HEADER = 'x-mana-wire';

/** Version of the wire. Grows only when an older client could misread a newer server. */
export const WIRE_VERSION = 1;
