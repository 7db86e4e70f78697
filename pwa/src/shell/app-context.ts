import { createContext } from 'svelte';
import type { App } from './app.svelte.ts';

/** The app of this tab; below a space's screens, the app as it is in that space. */
export const [getApp, setApp] = createContext<App>();

/** Gives the app for the screens of the space that is open now. */
export const [getAppOfOpenSpace, setAppOfOpenSpace] = createContext<() => App>();
