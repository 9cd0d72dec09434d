// The packages that stand in for what matrix-bot-sdk loads and Tyr never uses: they say so where they are reached, and
// nothing that we call of the SDK reaches them (test/matrix/http/client.test.ts calls each method of it that we use).

import { describe, expect, test } from "@jest/globals";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(import.meta.url);
const root = join(import.meta.dirname, "../..");
const sdk = join(root, "node_modules/matrix-bot-sdk/lib");
const absent = readdirSync(join(root, "vendor/absent"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => ({ folder: name, name: packageName(name) }));

function packageName(folder: string): string {
  const manifest = readFileSync(join(root, "vendor/absent", folder, "package.json"), "utf8");
  return (JSON.parse(manifest) as { name: string }).name;
}

const sdkFiles = readdirSync(sdk, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".js"))
  .map((file) => ({ file, text: readFileSync(join(sdk, file), "utf8") }));

/** Which files of the SDK load it, and the only things in them that reach it. */
const reachedBy: Readonly<Record<string, readonly string[]>> = {
  "@matrix-org/matrix-sdk-crypto-nodejs": ["e2ee/CryptoClient.js", "e2ee/RustEngine.js"],
  express: ["appservice/Appservice.js"],
  morgan: ["appservice/Appservice.js"],
  "html-to-text": ["MatrixClient.js"],
  lowdb: ["storage/RustSdkCryptoStorageProvider.js", "storage/SimpleFsStorageProvider.js"],
  postgres: ["storage/SimplePostgresStorageProvider.js"],
  request: ["request.js"],
  // A peer of request that the SDK names and loads nowhere.
  "request-promise": [],
  "sanitize-html": ["helpers/RichReply.js"],
};

describe.each(absent)("the stand-in for $name", ({ folder, name }) => {
  const standIn = require(name) as ((...args: unknown[]) => unknown) & Record<string, () => unknown>;

  test("says what is missing where it is called, or anything of it", () => {
    const message = `${folder} is not installed: Tyr does not use the part of matrix-bot-sdk that needs it`;

    expect(() => standIn("anything")).toThrow(message);
    expect(() => standIn["anything"]!()).toThrow(message);
    expect(() => Reflect.construct(standIn, [])).toThrow(message);
  });

  test("is loaded by the SDK where we know it", () => {
    const loading = sdkFiles
      .filter(({ text }) => text.includes(`require("${name}")`))
      .map(({ file }) => file);

    expect(loading).toEqual(reachedBy[name]);
  });
});

/** Methods of the SDK's client that turn HTML into text, all of which send events. */
const needHtml = ["replyHtmlText", "replyHtmlNotice", "sendHtmlNotice", "sendHtmlText"];

test("what needs them is called nowhere in src", () => {
  const src = join(root, "src");
  const calls = readdirSync(src, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) =>
      [...readFileSync(join(src, file), "utf8").matchAll(/\.(\w+)\(/g)].map((match) => ({
        file,
        name: match[1]!,
      })),
    );
  const forbidden = [
    ...needHtml,
    "Appservice",
    "RichReply",
    "SimplePostgresStorageProvider",
    "SimpleFsStorageProvider",
    "RustSdkCryptoStorageProvider",
    "CryptoClient",
    "setRequestFn",
  ];

  expect(calls.filter(({ name }) => forbidden.includes(name))).toEqual([]);
});

test("the methods that turn HTML into text are the only ones that reach html-to-text", () => {
  const { text } = sdkFiles.find(({ file }) => file === "MatrixClient.js")!;
  // Methods stand four spaces in; each use belongs to the last one that began before it.
  const methods = [...text.matchAll(/^ {4}(?:async )?(\w+)\(.*\) \{$/gm)];
  const users = [...text.matchAll(/htmlToText\)/g)].map((use) =>
    String(methods.findLast((method) => method.index < use.index)?.[1]),
  );

  expect(new Set(users)).toEqual(new Set(needHtml));
});
