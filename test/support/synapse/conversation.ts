// Talking with the bot in the management room: a command is said, and answered when it has its mark.

import { textOf, type MatrixEvent } from "./client.ts";
import type { Scene } from "./scene.ts";

export interface Answer {
  /** The newest text of the answer. */
  readonly text: string;
  readonly mark: string;
}

/** Says a command and waits until it is done. */
export async function ask(
  scene: Pick<Scene, "moderator" | "managementRoom"> & { readonly bot: { readonly userId: string } },
  command: string,
): Promise<Answer> {
  const { moderator, managementRoom, bot } = scene;
  const id = await moderator.sendText(managementRoom, command);
  const { event } = await moderator.until(isMarkOf(id), {
    what: `the mark at ${command}`,
  });
  // The mark and the answer are sent side by side, and either may be there first.
  const { event: first } = await moderator.until(
    (one) => one.sender === bot.userId && relation(one)["m.in_reply_to"]?.event_id === id,
    { what: `the answer to ${command}` },
  );
  const said = moderator.allSeen((one) => one.sender === bot.userId).map((one) => one.event);
  const newest = said.findLast((one) => relation(one).event_id === first.event_id && textOf(one) !== "");
  return { text: textOf(newest ?? first), mark: relation(event).key ?? "" };
}

/** Resolves with the question of this number as it was put first. */
export async function question(scene: Scene, number: number): Promise<MatrixEvent & { event_id: string }> {
  const { event } = await scene.moderator.until(
    (one) => one.sender === scene.bot.userId && textOf(one).startsWith(`Question ${number}:`),
    { what: `question ${number}` },
  );
  return { ...event, event_id: event.event_id! };
}

const isMarkOf = (command: string) => (event: MatrixEvent) =>
  event.type === "m.reaction" && relation(event).event_id === command;

function relation(event: MatrixEvent) {
  return (event.content["m.relates_to"] ?? {}) as {
    event_id?: string;
    key?: string;
    "m.in_reply_to"?: { event_id?: string };
  };
}
