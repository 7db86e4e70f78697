import { createContext } from 'svelte';
import type { App } from './app.svelte.ts';

/** The app of this tab. */
export const [getApp, setApp] = createContext<App>();
