/** The files that `tyr setup` writes: all of them at the end, or none. Secrets have files of their own. */
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

export const configFile = "tyr.yaml";
export const tokenFile = "tyr.token";
export const passwordFile = "tyr.password";

const modes: Readonly<Record<string, number>> = {
  [configFile]: 0o644,
  [tokenFile]: 0o600,
  [passwordFile]: 0o600,
};

/** Names that are taken for the files to come. Nothing that was there is touched before `write`. */
export class Draft {
  readonly #out: string;
  readonly #open = new Map<string, number>();

  /** Throws where the folder cannot be written: before anything was done elsewhere. */
  constructor(out: string) {
    this.#out = out;
    mkdirSync(out, { recursive: true });
    for (const [name, mode] of Object.entries(modes)) {
      rmSync(this.#unfinished(name), { force: true });
      this.#open.set(name, openSync(this.#unfinished(name), "wx", mode));
    }
  }

  /** In the order in which they are named: secrets before the config that names them. */
  write(texts: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(texts)) {
      const file = this.#open.get(name)!;
      writeSync(file, text);
      fsyncSync(file);
    }
    for (const name of Object.keys(texts)) renameSync(this.#unfinished(name), join(this.#out, name));
  }

  /** Whatever was not written is gone as if it had never been. */
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

/** Files that a setup would write over. */
export function filesThere(out: string, { hasPassword }: { hasPassword: boolean }): readonly string[] {
  return [configFile, tokenFile, ...(hasPassword ? [passwordFile] : [])]
    .map((name) => join(out, name))
    .filter((file) => existsSync(file));
}

/** Strings in quotes as JSON writes them, which is YAML. */
export function configText({
  url,
  managementRoom,
  out,
  dataPath,
}: {
  url: string;
  managementRoom: string;
  out: string;
  dataPath: string;
}): string {
  return [
    "# Written by tyr setup. docs/settings.md explains every setting, config/default.yaml shows them all.",
    "homeserver:",
    `  url: ${JSON.stringify(url)}`,
    `  accessTokenFile: ${JSON.stringify(join(out, tokenFile))}`,
    `managementRoom: ${JSON.stringify(managementRoom)}`,
    `dataPath: ${JSON.stringify(dataPath)}`,
    "",
  ].join("\n");
}
