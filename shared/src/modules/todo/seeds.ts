import { derivedId } from '#base/derived-id.ts';
import type { Seed, SeedPlace } from '../define-module.ts';

interface SampleTask {
  readonly key: string;
  readonly title: Readonly<Record<SeedPlace['language'], string>>;
  readonly notes: Readonly<Record<SeedPlace['language'], string>>;
  readonly dueToday: boolean;
  readonly order: string;
}

const sampleTasks: readonly SampleTask[] = [
  {
    key: 'tick',
    title: { de: 'Beispiel: Hake mich ab', en: 'Sample: tick me off' },
    notes: {
      de: 'Das ist Beispielinhalt. Tippe auf den Kreis links. Alles lässt sich mit „Rückgängig“ zurückholen.',
      en: 'This is sample content. Tap the circle on the left. Everything can be brought back by “Undo”.',
    },
    dueToday: true,
    order: 'a0',
  },
  {
    key: 'line',
    title: {
      de: 'Beispiel: Schreib in die Zeile „Zahnarzt morgen 14:30 #gesundheit“',
      en: 'Sample: type “dentist tomorrow 2:30pm #health” into the line',
    },
    notes: {
      de: 'Die Zeile versteht Tage, Uhrzeiten, #Tags, !Wichtigkeit und @Orte, auf Deutsch und Englisch.',
      en: 'The line understands days, times, #tags, !priority and @places, in English and German.',
    },
    dueToday: true,
    order: 'a1',
  },
  {
    key: 'leave',
    title: { de: 'Beispiel: Entferne die Beispiele mit einem Tipp', en: 'Sample: remove the samples with one tap' },
    notes: {
      de: 'Auf der Startseite steht „Beispiele entfernen“. Was du bearbeitet hast, bleibt.',
      en: 'Home has “Remove samples”. Whatever you have edited stays.',
    },
    dueToday: false,
    order: 'a2',
  },
];

/** Sample tasks of a new guest: they say what they are, and are no edits until the person changes them. */
export const todoSeeds = ({ space, language, today }: SeedPlace): readonly Seed[] =>
  sampleTasks.map(({ key, title, notes, dueToday, order }) => ({
    id: derivedId('seed', space, 'tasks', key),
    table: 'tasks',
    values: {
      title: title[language],
      notes: notes[language],
      dueDate: dueToday ? today : null,
      dueTime: null,
      completedAt: null,
      priority: 0,
      tags: [],
      place: '',
      listId: null,
      parentId: null,
      order,
    },
  }));
