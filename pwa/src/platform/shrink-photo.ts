import { MAX_PHOTO_LENGTH } from '@mana/shared/wire/limits';

/** Side of a profile photo in pixels: sharp at 64 points on a dense screen. */
const side = 192;
const qualities = [0.85, 0.7, 0.5, 0.3];

/** A square of the middle of a picture as a small data address, drawn anew: place and camera data stay behind. Undefined for what is no picture. */
export async function shrinkPhoto(file: Blob): Promise<string | undefined> {
  const bitmap = await createImageBitmap(file).catch(() => undefined);
  if (!bitmap) return undefined;
  const canvas = document.createElement('canvas');
  canvas.width = side;
  canvas.height = side;
  const cut = Math.min(bitmap.width, bitmap.height);
  const [left, top] = [(bitmap.width - cut) / 2, (bitmap.height - cut) / 2];
  canvas.getContext('2d')?.drawImage(bitmap, left, top, cut, cut, 0, 0, side, side);
  bitmap.close();
  // A browser that cannot write WebP answers with PNG.
  const type = canvas.toDataURL('image/webp').startsWith('data:image/webp') ? 'image/webp' : 'image/jpeg';
  return qualities.map((quality) => canvas.toDataURL(type, quality)).find((address) => address.length <= MAX_PHOTO_LENGTH);
}
