/** What was removed, as moderators read it: folded away, cleaned, and no more than fits into a message. */
import { describeRoughly } from "../../kit/duration.ts";
import { asArray, asObject, asString, type JsonObject } from "../../kit/json.ts";
import { bullets, code, count, folded, lines, plain, say, type Say } from "../../kit/say.ts";
import type { RoomEvent } from "../../model/event.ts";
import type { Removed, RemovedEvent } from "../../model/stash.ts";
import type { WorldView } from "../../model/world/view.ts";
import { roomName } from "./room-names.ts";

const lettersShown = 600;

export function removedWords(
  { events, all, unreadable }: Removed,
  { world, at }: { world: WorldView; at: number },
): Say {
  const left = all - unreadable - events.length;
  const items = events.map((one) => described(one, world, at));
  return lines(
    events.length > 0
      ? folded(
          say`${count(events.length, "removed message")}, the newest first. Open to read:`,
          bullets(items),
        )
      : say`Nothing of it can be read any more.`,
    left > 0 ? say`${count(left, "older one")} not shown.` : undefined,
    unreadable > 0
      ? say`${count(unreadable, "more")} cannot be read: ${unreadable === 1 ? "it was" : "they were"} kept under another key.`
      : undefined,
  );
}

/** What was reported, as who asked for it reads it. */
export function reportedWords(
  events: readonly RoomEvent[],
  { report, all }: { readonly report: number; readonly all: number },
): Say {
  const left = all - events.length;
  const items = events.map((one) => say`${code(one.sender)}: ${words(one)}`);
  return lines(
    events.length > 0
      ? folded(say`Report ${report}, the newest first. Open to read:`, bullets(items))
      : say`Report ${report}: nothing of it can be read any more.`,
    left > 0 && events.length > 0 ? say`${count(left, "more")} cannot be read any more.` : undefined,
  );
}

function described(removed: RemovedEvent, world: WorldView, at: number): Say {
  const { user, room, removedAt, reason } = removed;
  const why = reason === "" ? "" : say`, for ${plain(reason, 80)}`;
  const ago = describeRoughly(Math.max(0, at - removedAt));
  return say`${code(user)} in ${roomName(room, world, 60)}, removed ${ago} ago${why}: ${words(removed)}`;
}

function words({ type, content }: Pick<RoomEvent, "type" | "content">): Say {
  if (type === "m.room.member") return say`the name ${plain(asString(content["displayname"]) ?? "", 200)}`;
  if (type === "m.reaction") {
    const key = asString(asObject(content["m.relates_to"])?.["key"]) ?? "";
    return say`the reaction ${plain(key, 100)}`;
  }
  const edited = asObject(content["m.new_content"]) ?? content;
  const text = asString(edited["body"]) ?? pollOf(edited) ?? "";
  const file = asString(edited["filename"]);
  const kind = kinds[asString(edited["msgtype"]) ?? ""];
  const what =
    kind === undefined ? "" : say`${kind}${file && file !== text ? say` ${plain(file, 100)}` : ""}: `;
  return text === "" && kind === undefined
    ? say`an event of the type ${code(type, 100)}`
    : say`${what}${plain(text, lettersShown)}`;
}

/** Files themselves are not kept. */
const kinds: Readonly<Record<string, string>> = {
  "m.image": "a picture",
  "m.video": "a video",
  "m.audio": "a sound",
  "m.file": "a file",
};

function pollOf(content: JsonObject): string | undefined {
  const poll = asObject(content["m.poll.start"]) ?? asObject(content["org.matrix.msc3381.poll.start"]);
  const texts = [poll?.["question"], ...(asArray(poll?.["answers"]) ?? [])].map((one) => {
    const said = asObject(one);
    return asString(said?.["body"]) ?? asString(said?.["org.matrix.msc1767.text"]) ?? "";
  });
  return poll && texts.join(" / ");
}
