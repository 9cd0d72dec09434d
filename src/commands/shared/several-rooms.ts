/** Several rooms in one command: the one that its argument names, and further ones at the beginning of the text after it. */
import { code, say, type Say } from "../../kit/say.ts";
import { parseRoomAlias, parseRoomId, type RoomId } from "../../model/ids.ts";
import { parseLink } from "../../model/links.ts";
import type { ArgumentValues, CommandContext } from "../define.ts";
import { notProtected, roomsMeant } from "./people.ts";

type Room = ArgumentValues["room"];

export interface SeveralRooms {
  /** Undefined for all protected rooms. */
  readonly rooms: ReadonlySet<RoomId> | undefined;
  /** What follows the rooms. */
  readonly rest: string;
}

/** Each a protected room, or a space with its rooms; the problem where one of them is none. */
export function severalRooms(
  first: Room | undefined,
  text: string,
  context: CommandContext,
): SeveralRooms | { readonly problem: Say } {
  const { world } = context;
  if (!first) return { rooms: undefined, rest: text };
  const named: Room[] = [first];
  let rest = text.trim();
  for (let word = firstWord(rest); isRoom(word); word = firstWord(rest)) {
    const room = roomCalled(word, context);
    if (!room) return { problem: say`${code(word, 100)} leads nowhere` };
    named.push(room);
    rest = rest.slice(rest.indexOf(word) + word.length).trim();
  }
  for (const room of named) {
    const objection = notProtected(room, world);
    if (objection) return { problem: objection };
  }
  return { rooms: new Set(named.flatMap((room) => [...(roomsMeant(room, world) ?? [])])), rest };
}

function firstWord(text: string): string {
  return /^[\s,]*([^\s,]+)/.exec(text)?.[1] ?? "";
}

function isRoom(word: string): boolean {
  const link = parseLink(word);
  if (link?.event) return false;
  return [link?.alias, link?.room, word].some(
    (one) => one !== undefined && (parseRoomAlias(one) ?? parseRoomId(one)) !== undefined,
  );
}

/** By its id, or by an alias that was looked up. */
export function roomCalled(text: string, { lookedUp }: CommandContext): Room | undefined {
  const link = parseLink(text);
  const alias = parseRoomAlias(link?.alias ?? text);
  const resolved = alias && lookedUp.aliases.get(alias);
  const id = resolved && "room" in resolved ? resolved.room : parseRoomId(link?.room ?? text);
  return id && { id, via: [], text };
}
