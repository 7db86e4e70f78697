import { randomUUID } from 'node:crypto';

/** Somebody with an account, or on the way to one. */
export interface Person {
  readonly email: string;
  readonly password: string;
  readonly name: string;
}

/** A person that nobody else meets: tests share a server. */
export const newPerson = (name: string): Person => ({
  name,
  email: `${name.toLowerCase()}-${randomUUID()}@example.org`,
  password: `${name} sings in the ${randomUUID().slice(0, 8)} morning`,
});
