/** The browser's own network. */
export const browserFetch = (url: string, init: RequestInit): Promise<Response> => fetch(url, init);
