/**
 * Refuses YAML that costs much to read before it is read: what is nested deeply, and masses of what is a mistake by itself.
 * Texts of other communities come from anybody.
 */

const deepest = 40;
/** In one document; the entries of a list are no keys. */
const mostKeys = 1_000;
const mostTags = 1_000;
const mostDocuments = 1_500;

/** In linear time; undefined for a text that can be read. It is coarse: signs within quotes count, too. */
export function yamlObjection(text: string): string | undefined {
  const documents = text.split(/^---/m);
  if (documents.length > mostDocuments) return `a file may have ${mostDocuments} documents`;
  if (countOf(text, /(?<=^|[\s,[{])!/g) > mostTags) return "this has too many tags";
  if (heaps.test(text)) return "this is no YAML: too many signs stand together";
  if (documents.some((one) => countOf(one, /:(?=\s|$)/g) > mostKeys)) return "this has too many fields";
  return isDeep(text) ? "this is nested too deeply" : undefined;
}

function countOf(text: string, sign: RegExp): number {
  let found = 0;
  for (const _ of text.matchAll(sign)) found++;
  return found;
}

/** Signs of YAML one after the other, each of them a mistake. Words of lists may have brackets and dots within. */
const heaps = new RegExp(`(?:[,!%"[\\]{}][ \\t]*){${deepest}}`);
const marks = new RegExp(`(?:[-?:][ \\t]+){${deepest}}`);

/** Brackets within brackets, or marks of lists one after the other. */
function isDeep(text: string): boolean {
  if (marks.test(text)) return true;
  let depth = 0;
  for (const [sign] of text.matchAll(/[[\]{}]/g)) {
    depth = Math.max(0, depth + (sign === "[" || sign === "{" ? 1 : -1));
    if (depth > deepest) return true;
  }
  return false;
}
