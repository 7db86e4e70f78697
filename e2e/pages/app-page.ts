import { expect, type Locator, type Page } from '@playwright/test';

/** Where a person can go, by the words of the navigation. */
export type Place = 'Home' | 'Tasks' | 'Notes' | 'Search';

/** The app as its user speaks of it (in English; `in-german.test.ts` speaks German). */
export class AppPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  // Doors

  async startAsGuest(): Promise<void> {
    await this.page.goto('/');
    await this.page.getByRole('link', { name: 'Try it now' }).click();
    await this.expectHome();
  }

  async expectHome(): Promise<void> {
    await expect(this.page).toHaveURL(/\/s\/personal$/);
    await expect(this.line).toBeVisible();
  }

  /** From wherever the app is now, so that a guest's work comes along. */
  async signUp({ email, password, name }: { email: string; password: string; name: string }): Promise<void> {
    await this.page.goto('/sign-up');
    await this.page.getByLabel('E-mail').fill(email);
    await this.page.getByLabel('Password', { exact: true }).fill(password);
    await this.page.getByRole('button', { name: 'Create account' }).click();
    await expect(this.page.getByRole('heading', { name: 'Your recovery code' })).toBeVisible({ timeout: 30_000 });
    await this.page.getByRole('button', { name: 'Later' }).click();
    await this.sayName(name);
    await this.skipFirstScreens();
  }

  /** The first of the first screens. */
  async sayName(name: string): Promise<void> {
    await expect(this.page.getByRole('heading', { name: 'What should we call you?' })).toBeVisible();
    await this.page.getByLabel('Name').fill(name);
    await this.page.keyboard.press('Enter');
    await expect(this.page.getByRole('heading', { name: 'How should it look?' })).toBeVisible();
  }

  async skipFirstScreens(): Promise<void> {
    await this.page.getByRole('button', { name: 'Skip all' }).click();
    await this.expectHome();
  }

  async trySignIn({ email, password }: { email: string; password: string }): Promise<void> {
    await this.page.goto('/sign-in');
    await this.page.getByLabel('E-mail').fill(email);
    await this.page.getByLabel('Password', { exact: true }).fill(password);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
  }

  async signIn(person: { email: string; password: string }): Promise<void> {
    await this.trySignIn(person);
    await expect(this.page).toHaveURL(/\/s\/personal$/, { timeout: 30_000 });
    await expect(this.line).toBeVisible();
  }

  async fromAccountMenu(entry: string): Promise<void> {
    await this.page.locator('[popovertarget="account-menu"]').click();
    await this.page.getByRole('menuitem', { name: entry, exact: true }).click();
  }

  async lock(): Promise<void> {
    await this.fromAccountMenu('Lock');
    await expect(this.page.getByRole('heading', { name: 'Welcome back' })).toBeVisible();
  }

  async tryToUnlock(password: string): Promise<void> {
    await this.page.getByLabel('Password', { exact: true }).fill(password);
    await this.page.getByRole('button', { name: 'Unlock' }).click();
  }

  async signOut(how: 'keep' | 'delete'): Promise<void> {
    await this.fromAccountMenu('Sign out');
    const name = how === 'keep' ? 'Sign out, keep the encrypted copy' : 'Sign out and delete from this device';
    await this.page.getByRole('dialog').getByRole('button', { name }).click();
    await expect(this.page.getByRole('link', { name: 'Try it now' })).toBeVisible();
  }

  // Places

  async goTo(place: Place): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: place }).click();
    if (place !== 'Home') await expect(this.page.getByRole('heading', { level: 1, name: place })).toBeVisible();
  }

  // Quick add

  get line(): Locator {
    return this.page.getByRole('textbox', { name: 'Write something new' });
  }

  async add(text: string, as: 'Task' | 'Note' = 'Task'): Promise<void> {
    await this.page.getByRole('group', { name: 'Add as' }).getByRole('button', { name: as }).click();
    await this.line.fill(text);
    await this.line.press('Enter');
    await expect(this.line).toHaveValue('');
  }

  // Tasks

  /** A task's row, wherever a list shows it. */
  task(title: string): Locator {
    return this.page.locator('[data-task]').filter({ hasText: title });
  }

  tick(title: string): Promise<void> {
    return this.page.getByRole('checkbox', { name: `Tick off “${title}”` }).check();
  }

  async openTask(title: string): Promise<void> {
    await this.task(title).first().click();
    await expect(this.taskTitle).toHaveValue(title);
  }

  get taskTitle(): Locator {
    return this.page.getByRole('textbox', { name: 'Title' });
  }

  get taskNotes(): Locator {
    return this.page.getByRole('textbox', { name: 'Notes' });
  }

  // Notes

  note(title: string): Locator {
    return this.page.locator('[data-note]').filter({ hasText: title });
  }

  async newNote({ title, body }: { title: string; body: string }): Promise<void> {
    await this.goTo('Notes');
    await this.page.getByRole('button', { name: 'New note' }).click();
    // A new note puts the cursor into its text; whoever types into the title does so afterwards.
    await expect(this.noteBody).toBeFocused();
    await this.noteTitle.fill(title);
    await this.noteBody.fill(body);
  }

  async openNote(title: string): Promise<void> {
    await this.note(title).first().click();
    await expect(this.noteTitle).toHaveValue(title);
  }

  get noteTitle(): Locator {
    return this.page.getByRole('textbox', { name: 'Title' });
  }

  get noteBody(): Locator {
    return this.page.getByRole('textbox', { name: 'Text' });
  }

  // What it tells

  /** The durability light. */
  get light(): Locator {
    return this.page.locator('[data-sync]');
  }

  /** Resolves when the server has everything and live updates are on. */
  async expectSynced(): Promise<void> {
    await expect(this.light).toHaveAttribute('data-sync', 'synced', { timeout: 20_000 });
  }

  get messages(): Locator {
    return this.page.getByRole('region', { name: 'Messages' });
  }
}
