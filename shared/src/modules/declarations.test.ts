import { describe, expect, test } from 'bun:test';
import * as z from 'zod/mini';
import { isUuid } from '#base/ids.ts';
import { nameSchema } from '#wire/record.ts';
import { allModules, allTableSchemas } from './all-modules.ts';
import { allSeeds } from './all-seeds.ts';
import { allTables } from './all-tables.ts';
import { commonStructural, isStructural } from './define-tables.ts';

test('table names are unique, and both lists know the same tables', () => {
  const names = allTableSchemas.map((table) => table.name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.toSorted()).toEqual(Object.keys(allTables).toSorted());
});

test('module names and backup labels are unique', () => {
  expect(new Set(allModules.map((module) => module.name)).size).toBe(allModules.length);
  expect(new Set(allModules.map((module) => module.backupLabel)).size).toBe(allModules.length);
});

for (const table of allTableSchemas) {
  describe(`the table ${table.name}`, () => {
    test('belongs to the module that lists it', () => {
      const owner = allModules.find((module) => module.name === table.declaration.module);
      expect(owner?.tables[table.name]).toBe(table);
      expect(allTables[table.name]).toBe(table.declaration);
    });

    test('has names that the wire takes, and none of the common fields', () => {
      for (const name of [table.name, ...Object.keys(table.fields)]) expect(z.safeParse(nameSchema, name).success).toBe(true);
      for (const common of Object.keys(commonStructural)) expect(table.fields).not.toHaveProperty(common);
    });

    test('has every structural field among its fields, each with a reason', () => {
      for (const [field, reason] of Object.entries(table.declaration.structural)) {
        expect(reason.length).toBeGreaterThan(5);
        if (!Object.hasOwn(commonStructural, field)) expect(table.fields).toHaveProperty(field);
      }
    });

    test('has each field either structural or encrypted, and what a person writes encrypted', () => {
      const encrypted = Object.keys(table.fields).filter((field) => !isStructural(table.declaration, field));
      for (const field of table.searchable) expect(encrypted).toContain(field);
      for (const field of ['title', 'name', 'body', 'notes', 'tags', 'place', 'dueDate', 'dueTime', 'priority', 'completedAt']) {
        if (Object.hasOwn(table.fields, field)) expect(encrypted).toContain(field);
      }
    });

    test('has defaults that fit its fields', () => {
      for (const [field, value] of Object.entries(table.defaults)) {
        expect(table.fields[field]?.read(value)).toEqual(value);
      }
    });

    test('has searchable fields that exist', () => {
      for (const field of table.searchable) expect(table.fields).toHaveProperty(field);
    });
  });
}

describe('sample content', () => {
  const place = { space: '018f3c1e-0000-7000-8000-000000000001', language: 'de', today: '2026-11-25' } as const;

  test('fits its fields in both languages and says what it is', () => {
    for (const language of ['de', 'en'] as const) {
      for (const seed of allSeeds({ ...place, language })) {
        const table = allTableSchemas.find(({ name }) => name === seed.table);
        expect(Object.keys(seed.values).toSorted()).toEqual(Object.keys(table?.fields ?? {}).toSorted());
        for (const [field, value] of Object.entries(seed.values)) expect(table?.fields[field]?.read(value)).toEqual(value);
        expect(seed.values['title']).toStartWith(language === 'de' ? 'Beispiel: ' : 'Sample: ');
      }
    }
  });

  test('has the same ids in every language, and other ids in every space', () => {
    const ids = (changed: Partial<Parameters<typeof allSeeds>[0]>) => allSeeds({ ...place, ...changed }).map((seed) => seed.id);
    expect(ids({})).toEqual(ids({ language: 'en' }));
    expect(ids({}).every(isUuid)).toBe(true);
    expect(new Set([...ids({}), ...ids({ space: '018f3c1e-0000-7000-8000-000000000002' })]).size).toBe(ids({}).length * 2);
  });
});
