/** Characters that nobody sees: they hide in ids copied from a chat and in names that are to look like others. */

/** Controls, bidi marks and overrides, zero-width characters, line separators, interlinear marks, BOM, tags. */
export const unseen =
  // oxlint-disable-next-line no-control-regex, no-misleading-character-class
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]+/gu;

export function withoutUnseen(text: string): string {
  return text.replace(unseen, "");
}

/** Names that look the same but for case, width, spaces and what is not seen are one name. Letters of other alphabets are others. */
export function foldName(name: string): string {
  const spaced = name.slice(0, 1_000).toWellFormed().replace(/\s+/g, " ");
  return withoutUnseen(spaced).normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
}
