/** What keeps a room protected, in words: itself, the spaces that have it, or that all rooms I am in are protected. */
import { joined, say, someOf, type Say } from "../../kit/say.ts";
import type { RoomId } from "../../model/ids.ts";
import { isSpace, type Holder } from "../../model/settings/holders.ts";
import type { WorldView } from "../../model/world/view.ts";
import { roomName } from "./room-names.ts";

/** Spaces named of those that hold one room. */
const named = 3;

/** Undefined where a person's word alone holds it, as is usual. */
export function heldByText(holders: readonly Holder[], world: WorldView): Say | undefined {
  const spaces = holders.filter(isSpace);
  const parts = [
    ...(holders.includes("hand") ? [say`by itself`] : []),
    ...(spaces.length > 0 ? [say`through ${spacesText(spaces, world)}`] : []),
    ...(holders.includes("joined") ? [say`as a room that I am in`] : []),
  ];
  return holders.length === 1 && holders[0] === "hand" ? undefined : joined(parts, " and ");
}

export function spacesText(spaces: readonly RoomId[], world: WorldView): Say {
  const names = spaces
    .map((space) => roomName(space, world))
    .toSorted((a, b) => a.text.localeCompare(b.text, "en"));
  return names.length === 2 ? joined(names, " and ") : someOf(names, named);
}
