/** Starts the scripted homeserver in its own process and calls its scripting methods over HTTP. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Homeserver, HomeserverOptions } from "./homeserver.ts";
import type { NewRule } from "./rules.ts";

type Scriptable = Omit<Homeserver, "addRules" | "handle" | "until" | "onEvent" | "inOneGo" | "setWeather">;
type Methods = {
  [
    Name in keyof Scriptable as Scriptable[Name] extends (...args: never[]) => unknown ? Name : never
  ]: Scriptable[Name];
};
type Values = Omit<Scriptable, keyof Methods>;

export interface RemoteHomeserver {
  readonly url: string;
  readonly processId: number | undefined;
  call<Name extends keyof Methods>(
    name: Name,
    ...args: Parameters<Methods[Name]>
  ): Promise<ReturnType<Methods[Name]>>;
  read<Name extends keyof Values>(name: Name): Promise<Values[Name]>;
  /** The template holds `{i}` wherever the index of the rule belongs. */
  addRules(roomId: string, sender: string, count: number, template?: NewRule): Promise<string[]>;
  /** Many calls in one request, which long polls see as one change. */
  batch(calls: readonly (readonly [keyof Methods, ...unknown[]])[]): Promise<unknown[]>;
  close(): Promise<void>;
}

export async function startRemote(
  options: Omit<HomeserverOptions, "clock"> & { readonly port?: number } = {},
): Promise<RemoteHomeserver> {
  const main = fileURLToPath(new URL("main.ts", import.meta.url));
  const child = spawn(process.execPath, [main, JSON.stringify(options)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout });
  const died = once(child, "exit").then(() => {
    throw new Error("the scripted homeserver ended before it was ready");
  });
  const [line] = (await Promise.race([once(lines, "line"), died])) as [string];
  died.catch(() => undefined);
  const { url } = JSON.parse(line) as { url: string };

  const script = async (name: string, args: readonly unknown[]): Promise<unknown> => {
    const response = await fetch(`${url}/_script/${name}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(args),
    });
    const body = (await response.json()) as { result?: unknown; error?: string };
    if (!response.ok) throw new Error(`${name}: ${body.error ?? response.status}`);
    return body.result;
  };

  return {
    url,
    processId: child.pid,
    call: async (name, ...args) => (await script(name, args)) as never,
    read: async (name) => (await script(name, [])) as never,
    addRules: async (...args) => (await script("addRules", args)) as string[],
    batch: async (calls) => (await script("batch", calls)) as unknown[],
    close: async () => {
      if (child.exitCode !== null) return;
      const ended = once(child, "exit");
      child.stdin.end();
      await ended;
    },
  };
}
