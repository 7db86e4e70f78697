import { defineConfig } from 'wxt';

/** Public half of the key that pins the id in Chromium; the private half was never kept: the store signs with its own. */
const chromiumKey =
  'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA49QCmtik6Oyjp2P1anIJ1kInT0NhBVU4fXndz6H55jr78X9S9C92wVFVVXQJMLx+9aMQOIl9E9Saecf7MjjN4ncyKGFMnz9bVIqRPrXiLoG6BZ9VYtBiSBRyI4YJ1Pq6OUo5QVi1cjEEjR75WbPMYfviy6ms5BJH0w01nKigryQ8MlwkpMjMAHc7bYzs5jZevjnxJq/iMOW6KrBQ5J+7PfcKlvF5/WjDSNwaoPvrdl0yYg37huT5hBbgxsTz833C8FYGTMzgwmZvW2BwU2doD5dKNdqw6IrJ7/8Q2WGh0LtrtbW0vx4UekVTCgwTLWsAMeODEKd3uTbKgK50S8p/XwIDAQAB';

export default defineConfig({
  srcDir: 'src',
  modules: ['@wxt-dev/module-svelte'],
  imports: false,
  manifest: ({ browser }) => ({
    name: '__MSG_name__',
    short_name: 'Mana',
    description: '__MSG_description__',
    default_locale: 'en',
    permissions: ['storage', 'alarms', 'scripting'],
    optional_host_permissions: ['*://*/*'],
    // The password protocol of an unlock is WebAssembly.
    content_security_policy: { extension_pages: "script-src 'self' 'wasm-unsafe-eval'; object-src 'self'" },
    action: { default_title: '__MSG_open__' },
    icons: { 16: 'icon/16.png', 32: 'icon/32.png', 48: 'icon/48.png', 128: 'icon/128.png' },
    ...(browser === 'firefox'
      ? {
          browser_specific_settings: {
            gecko: {
              id: 'extension@mana.invalid',
              // The first version that knows data_collection_permissions.
              strict_min_version: '140.0',
              data_collection_permissions: { required: ['authenticationInfo', 'personallyIdentifyingInfo'] },
            },
            gecko_android: { strict_min_version: '142.0' },
          },
        }
      : { key: chromiumKey, minimum_chrome_version: '121' }),
  }),
  vite: () => ({ build: { target: 'es2023', modulePreload: { polyfill: false } } }),
});
