/**
 * Brings the scripted homeserver of a story to where a recorded one was: every call and every request that changed it,
 * one a line, each at its time. The ids that come out must be those of the recording, as the database names them.
 */
import { isDeepStrictEqual } from "node:util";
import type { HomeserverRequest } from "../homeserver/homeserver.ts";
import type { Story } from "./story.ts";

/** What a story's author did to the homeserver. */
type Call = "createUser" | "createRoom" | "join" | "sendText" | "setState";

type Recorded = { readonly at: number; readonly gave: unknown } & (
  { readonly call: Call; readonly args: readonly unknown[] } | { readonly request: HomeserverRequest }
);

/** Without what the homeserver has learned to give since: accounts have devices by now. */
function known(gave: unknown, recorded: Recorded): unknown {
  if (!("call" in recorded) || recorded.call !== "createUser") return gave;
  const { deviceId: _deviceId, ...before } = gave as Readonly<Record<string, unknown>>;
  return before;
}

export async function replay(recording: string, { clock, homeserver }: Story): Promise<void> {
  const zero = clock.now();
  for (const line of recording.trim().split("\n")) {
    const recorded = JSON.parse(line) as Recorded;
    await clock.advance(zero + recorded.at - clock.now());
    const gave =
      "call" in recorded
        ? (homeserver[recorded.call] as (...args: readonly unknown[]) => unknown).apply(homeserver, [
            ...recorded.args,
          ])
        : (await homeserver.handle({ ...recorded.request, query: recorded.request.query ?? {} })).body;
    if (!isDeepStrictEqual(known(gave, recorded), recorded.gave))
      throw new Error(
        `the scripted homeserver no longer gives what it gave when this was recorded: ${line}\nnow ${JSON.stringify(gave)}`,
      );
  }
}
