import { expect, type Locator, type Page } from '@playwright/test';

/** Spaces as a person handles them (in English). */
export class SpacePage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get switcher(): Locator {
    return this.page.getByRole('button', { name: /^Space: / });
  }

  /** Makes a space and stays on its page. */
  async make(name: string): Promise<void> {
    await this.#choose('New space');
    await this.page.getByLabel('Name of the space').fill(name);
    await this.page.getByRole('button', { name: 'Make the space' }).click();
    await this.expectPage(name);
  }

  async expectPage(name: string): Promise<void> {
    await expect(this.page.getByRole('heading', { level: 1, name })).toBeVisible();
    await expect(this.page.getByRole('heading', { name: 'Members' })).toBeVisible();
  }

  async open(name: string): Promise<void> {
    await this.#choose(name);
    await expect(this.switcher).toHaveAccessibleName(`Space: ${name}`);
  }

  async openMembers(): Promise<void> {
    await this.#choose('Members and settings');
    await expect(this.page.getByRole('heading', { name: 'Members' })).toBeVisible();
  }

  /** Makes an invitation on the space's page and gives its link. */
  async invite(): Promise<string> {
    await this.page.getByRole('button', { name: 'Make a link' }).click();
    const link = await this.page.getByLabel('Link to the invitation').inputValue();
    await this.page.getByRole('button', { name: 'Invite somebody else' }).click();
    return link;
  }

  /** Accepts an invitation, signed in, and goes in when the inviter's device has opened. */
  async join(link: string, name: string): Promise<void> {
    await this.page.goto(link);
    await this.page.getByRole('button', { name: 'Join', exact: true }).click();
    await this.page.getByRole('button', { name: `Open “${name}”` }).click();
    await expect(this.page.getByRole('heading', { level: 1, name })).toBeVisible();
  }

  member(name: string): Locator {
    return this.page.getByRole('listitem').filter({ hasText: name });
  }

  async openMember(name: string): Promise<Locator> {
    await this.page.getByRole('button', { name: `Details of ${name}` }).click();
    const dialog = this.page.getByRole('dialog', { name, exact: true });
    await expect(dialog).toBeVisible();
    return dialog;
  }

  async setRole(name: string, role: string): Promise<void> {
    const dialog = await this.openMember(name);
    await dialog.getByRole('radio', { name: role }).check();
    await expect(this.page.getByText(`Changed for ${name}`)).toBeVisible();
    await dialog.getByRole('button', { name: 'Close' }).click();
  }

  async remove(name: string): Promise<void> {
    const dialog = await this.openMember(name);
    await dialog.getByRole('button', { name: `Remove ${name}` }).click();
    const asking = this.page.getByRole('dialog', { name: `Remove ${name} from the space?` });
    await expect(asking).toContainText(`What ${name} has read already, nobody can make unread`);
    await asking.getByRole('button', { name: `Remove ${name}` }).click();
    await expect(this.page.getByText(`${name} is removed`)).toBeVisible();
  }

  async #choose(entry: string): Promise<void> {
    await this.switcher.click();
    await this.page.getByRole('menu', { name: 'Spaces' }).getByRole('menuitem', { name: entry }).click();
  }
}
