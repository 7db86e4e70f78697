/** The first screens, in their order; each is an address below `/onboarding`. */
export const steps = ['name', 'look', 'templates'] as const;
export type Step = (typeof steps)[number];

export const addressOf = (step: Step): string => `/onboarding/${step}`;

/** The step that an address shows; the first one for any other address. */
export const stepAt = (pathname: string): Step => steps.find((step) => pathname.startsWith(addressOf(step))) ?? 'name';

/** The step beside another one; undefined before the first and after the last. */
export const beside = (step: Step, by: 1 | -1): Step | undefined => {
  const at = steps.indexOf(step) + by;
  return at < 0 ? undefined : steps[at];
};
