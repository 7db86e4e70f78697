import type { SourceFile } from '@mana/shared/backup/import-draft';

const sourceOf = (file: File, path: string): SourceFile => ({
  path,
  sizeBytes: file.size,
  bytes: async () => new Uint8Array(await file.arrayBuffer()),
});

/** Files of a file or folder field. */
export const filesOfInput = (input: HTMLInputElement): readonly SourceFile[] =>
  [...(input.files ?? [])].map((file) => sourceOf(file, file.webkitRelativePath || file.name));

async function entriesOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    // a reader gives at most a hundred entries at a time
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return all;
    all.push(...some);
  }
}

async function filesOfEntry(entry: FileSystemEntry): Promise<readonly SourceFile[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [sourceOf(file, entry.fullPath.replace(/^\//u, ''))];
  }
  const inside = await entriesOf(entry as FileSystemDirectoryEntry);
  return (await Promise.all(inside.map(filesOfEntry))).flat();
}

/** Files and folders that were dropped; must be called while the event is handled. */
export async function filesOfDrop(transfer: DataTransfer): Promise<readonly SourceFile[]> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  return (await Promise.all(entries.map(filesOfEntry))).flat();
}
