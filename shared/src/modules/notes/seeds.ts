import { derivedId } from '#base/derived-id.ts';
import type { Seed, SeedPlace } from '../define-module.ts';

const title = { de: 'Beispiel: Willkommen bei Mana', en: 'Sample: welcome to Mana' } as const;

const body = {
  de: `Das ist eine Beispielnotiz. Sie verschwindet mit „Beispiele entfernen“ auf der Startseite.

- Notizen sind **Markdown**: Listen, *Betonung*, [Links](https://commonmark.org/help/) und \`Code\`.
- Alles, was du schreibst, wird auf diesem Gerät verschlüsselt. Der Server kann es nicht lesen.
- Es gibt keinen Speichern-Knopf: Was du tippst, bleibt.
`,
  en: `This is a sample note. It leaves with “Remove samples” on the home screen.

- Notes are **Markdown**: lists, *emphasis*, [links](https://commonmark.org/help/) and \`code\`.
- Everything you write is encrypted on this device. The server cannot read it.
- There is no save button: what you type stays.
`,
} as const;

/** Sample notes of a new guest: they say what they are, and are no edits until the person changes them. */
export const notesSeeds = ({ space, language }: SeedPlace): readonly Seed[] => [
  {
    id: derivedId('seed', space, 'notes', 'welcome'),
    table: 'notes',
    values: { title: title[language], body: body[language], tags: [], pinned: false },
  },
];
