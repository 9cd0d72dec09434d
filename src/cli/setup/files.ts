/** The files that `tyr setup` writes, each in full or not at all: the config, and a file for each secret. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { antispamFile } from "./antispam.ts";

export const configFile = "tyr.yaml";
export const tokenFile = "tyr.token";
export const passwordFile = "tyr.password";

const modes: Readonly<Record<string, number>> = {
  [configFile]: 0o644,
  [tokenFile]: 0o600,
  [passwordFile]: 0o600,
  [antispamFile]: 0o600,
};

/** Unfinished files in the folder of the final ones, opened first of all. Existing files stay as they are until `write`. */
export class Draft {
  readonly #out: string;
  readonly #open = new Map<string, number>();

  /** Throws where the folder cannot be written, so that this is known before an account is registered. */
  constructor(out: string) {
    this.#out = out;
    mkdirSync(out, { recursive: true });
    for (const [name, mode] of Object.entries(modes)) {
      rmSync(this.#unfinished(name), { force: true });
      this.#open.set(name, openSync(this.#unfinished(name), "wx", mode));
    }
  }

  /** By name, in this order: secrets go before the config that refers to them. */
  write(texts: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(texts)) {
      const file = this.#open.get(name)!;
      writeSync(file, text);
      fsyncSync(file);
    }
    for (const name of Object.keys(texts)) renameSync(this.#unfinished(name), join(this.#out, name));
  }

  /** Removes the unfinished files. */
  close(): void {
    for (const [name, file] of this.#open) {
      closeSync(file);
      rmSync(this.#unfinished(name), { force: true });
    }
    this.#open.clear();
  }

  #unfinished(name: string): string {
    return join(this.#out, `.${name}.unfinished`);
  }
}

/** Existing files that a setup would overwrite. */
export function existingFiles(
  out: string,
  { hasPassword, antispam = false }: { hasPassword: boolean; antispam?: boolean },
): readonly string[] {
  return [configFile, tokenFile, ...(hasPassword ? [passwordFile] : []), ...(antispam ? [antispamFile] : [])]
    .map((name) => join(out, name))
    .filter((file) => existsSync(file));
}

/** The config as YAML. Strings are quoted as in JSON, which YAML accepts. */
export function configText({
  url,
  managementRoom,
  out,
  dataPath,
  profile,
  antispam = false,
}: {
  url: string;
  managementRoom: string;
  out: string;
  dataPath: string;
  profile: string;
  antispam?: boolean;
}): string {
  return [
    "# Written by tyr setup. docs/settings.md explains every setting, config/default.yaml shows them all.",
    "homeserver:",
    `  url: ${JSON.stringify(url)}`,
    `  accessTokenFile: ${JSON.stringify(join(out, tokenFile))}`,
    `managementRoom: ${JSON.stringify(managementRoom)}`,
    `dataPath: ${JSON.stringify(dataPath)}`,
    "# What is switched on at the first start; !tyr protections profile shows what that is.",
    `protectionProfile: ${JSON.stringify(profile)}`,
    ...(antispam
      ? [
          "# Synapse asks before invitations and joins (docs/antispam.md).",
          "antispam:",
          `  secretFile: ${JSON.stringify(join(out, antispamFile))}`,
        ]
      : []),
    "",
  ].join("\n");
}
