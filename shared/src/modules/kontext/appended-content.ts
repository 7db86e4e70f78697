/** A document with a further paragraph at its end: one blank line between, none at either end of what is added. */
export function appendedContent(content: string, addition: string): string {
  const added = addition.trim();
  if (added === '') return content;
  const before = content.trimEnd();
  return before === '' ? added : `${before}\n\n${added}`;
}
