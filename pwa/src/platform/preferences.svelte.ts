/** Colours: the system's choice unless the person made one. */
export type Theme = 'system' | 'light' | 'dark';
/** Sets of colours; `src/ui/palette-tokens.css` holds a block for each. */
export const palettes = ['meadow', 'ocean', 'clay', 'rose', 'lavender', 'stone'] as const;
export type Palette = (typeof palettes)[number];
/** Size of all text, relative to what the browser is set to. */
export type TextSize = 'normal' | 'large' | 'larger';

const keys = { theme: 'mana.theme', palette: 'mana.palette', textSize: 'mana.textSize', here: 'mana.here' } as const;

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // storage is switched off: the defaults are fine
  }
}

function write(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Storage is switched off or full: the choice holds until the page is left.
  }
}

function show(name: 'theme' | 'palette' | 'textSize', value: string | null): void {
  if (value === null) delete document.documentElement.dataset[name];
  else document.documentElement.dataset[name] = value;
  write(keys[name], value);
}

const asTheme = (text: string | null): Theme => (text === 'light' || text === 'dark' ? text : 'system');
const asPalette = (text: string | null): Palette => palettes.find((palette) => palette === text) ?? 'meadow';
const asTextSize = (text: string | null): TextSize => (text === 'large' || text === 'larger' ? text : 'normal');

/** How this browser shows the app. `src/boot.js` applies the same values before the first paint. */
export function createPreferences() {
  let theme = $state<Theme>(asTheme(read(keys.theme)));
  let palette = $state<Palette>(asPalette(read(keys.palette)));
  let textSize = $state<TextSize>(asTextSize(read(keys.textSize)));
  let askedToPersist = false;

  return {
    get theme(): Theme {
      return theme;
    },
    set theme(next: Theme) {
      theme = next;
      show('theme', next === 'system' ? null : next);
    },
    get palette(): Palette {
      return palette;
    },
    set palette(next: Palette) {
      palette = next;
      show('palette', next === 'meadow' ? null : next);
    },
    get textSize(): TextSize {
      return textSize;
    },
    set textSize(next: TextSize) {
      textSize = next;
      show('textSize', next === 'normal' ? null : next);
    },
    /** Whether this device holds a vault: then the landing page leads straight home. */
    set here(is: boolean) {
      write(keys.here, is ? '1' : null);
    },
    /** Asks the browser once to keep what was written, after the first useful act. */
    async askToPersist(): Promise<void> {
      if (askedToPersist) return;
      askedToPersist = true;
      if (!(await navigator.storage?.persisted?.())) await navigator.storage?.persist?.();
    },
  };
}

export type Preferences = ReturnType<typeof createPreferences>;
