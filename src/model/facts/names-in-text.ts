/** Names of people who are here, in a text that does not mention them. */
import { mentionedIn, mentionKey } from "../mentions.ts";
import type { Source } from "./source.ts";

/** The author may sign. */
export function namesInText({ sighting: { world, room, user: author, event }, said }: Source): number {
  let mentioned: ReadonlySet<string> | undefined;
  return world.stored.names.countIn(said.folded.words, (user) => {
    if (user === author || world.members.membershipOf(room, user) !== "join") return false;
    mentioned ??= mentionedIn(event.content);
    return !mentioned.has(mentionKey(user));
  });
}
