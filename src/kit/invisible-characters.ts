/** Invisible characters: they come along with ids copied from a chat, and hide in names that imitate others. */

/** Controls, bidi marks and overrides, zero-width characters, line separators, interlinear marks, BOM, tags. */
export const invisible =
  // oxlint-disable-next-line no-control-regex, no-misleading-character-class
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]+/gu;

export function withoutInvisible(text: string): string {
  return text.replace(invisible, "");
}

/** A display name for comparison: case, width, spaces and invisible characters do not count. Similar letters of other alphabets stay different. */
export function foldName(name: string): string {
  const spaced = name.slice(0, 1_000).toWellFormed().replace(/\s+/g, " ");
  return withoutInvisible(spaced).normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
}
