// Made by scripts/module-lists.mjs from the folders beside this file.
import type { Seed, SeedPlace } from './define-module.ts';
import { notesSeeds } from './notes/seeds.ts';
import { todoSeeds } from './todo/seeds.ts';

/** The sample content that a new guest begins with. */
export const allSeeds = (place: SeedPlace): readonly Seed[] => [...notesSeeds(place), ...todoSeeds(place)];
