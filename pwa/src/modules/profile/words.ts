import type { userContext } from '@mana/shared/modules/profile/profile';
import type { ValuesOf } from '@mana/shared/modules/define-module';
import { m } from '#messages';
import type { ModuleWords } from '#shell/module.ts';

const fields: Readonly<Record<string, () => string>> = {
  callName: m.profile_field_call_name,
  about: m.profile_field_about,
  current: m.profile_field_current,
  answers: m.profile_field_answers,
  avoid: m.profile_field_avoid,
};

export const moduleWords: ModuleWords = {
  name: 'profile',
  hint: m.profile_hint,
  shown(record) {
    if (record.table !== 'userContext') return undefined;
    const { about, current, answers, avoid } = record.values as ValuesOf<typeof userContext>;
    const text = [about, current, answers, avoid].filter((part) => part !== '').join('\n\n');
    return { path: 'profile', kind: m.settings_title(), title: m.profile_about_title(), text };
  },
  fieldName: (table, field) => (table === 'userContext' ? fields[field]?.() : undefined),
};
