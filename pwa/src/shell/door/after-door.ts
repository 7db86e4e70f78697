const wish = '#join=';

/** A door that leads on to an invitation. What the link keeps secret stays behind `#`, where no server sees it. */
export const withJoin = (door: string, fragment: string): string => `${door}${wish}${fragment}`;

/** Another door, with what was wished at this one. */
export const doorWithWish = (door: string, hash: string): string => (hash.startsWith(wish) ? door + hash : door);

/** Where somebody goes on who came in. */
export const afterDoor = (hash: string, home: string): string => (hash.startsWith(wish) ? `/join#${hash.slice(wish.length)}` : home);
