/** Fetches secrets from the files that options such as `accessTokenFile` name. */
import { fileMistake } from "./file-mistakes.ts";
import { looksSecret, renderSource } from "./explain.ts";
import type { Problem } from "./problem.ts";
import type { Given, Layer } from "./given-values.ts";
import { options } from "./options.ts";

/** Reads a whole text file; throws an error with a `code` as Node's file functions do. */
export type ReadFile = (path: string) => string;

export function readSecretFiles(given: ReadonlyMap<string, Given>, readFile: ReadFile): Layer {
  const secrets = new Map<string, Given>();
  const problems: Problem[] = [];
  for (const { path, holds } of options) {
    const named = given.get(path);
    if (holds === undefined || typeof named?.value !== "string") continue;
    const direct = given.get(holds);
    const read =
      direct === undefined ? readSecret(path, named, named.value, readFile) : twice(path, named, direct);
    if ("cause" in read) problems.push({ ...read, meant: holds });
    else secrets.set(holds, read);
  }
  return { given: secrets, problems };
}

function readSecret(path: string, { source }: Given, file: string, readFile: ReadFile): Given | Problem {
  try {
    const value = readFile(file).replace(/[\r\n]+$/, "");
    if (value !== "") return { value, source: { kind: "secret-file", file } };
    return {
      source,
      path,
      cause: `${showFile(file)} is empty`,
      hint: "Write the secret into it, on one line.",
    };
  } catch (error) {
    return { source, path, ...fileMistake(showFile(file), error) };
  }
}

/** Not shown where it may be the secret itself, written where the name of its file belongs. */
function showFile(file: string): string {
  const looksLikeFile = /[/\\]/.test(file) || /\.[a-z]{1,5}$/i.test(file);
  return looksLikeFile && !looksSecret(file)
    ? file
    : "the file (its name is not shown, since it may be the secret itself)";
}

function twice(path: string, { source }: Given, direct: Given): Problem {
  const secret = path.replace(/File$/, "");
  return {
    source,
    path,
    cause: `given together with ${secret} (${renderSource(direct.source)})`,
    hint: "Keep one of the two.",
  };
}
