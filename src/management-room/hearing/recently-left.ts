/** The display names of people who left or were removed a short while ago: moderators still call them by these. */
import { keepNewest } from "../../kit/bounded.ts";
import { hourMs } from "../../kit/duration.ts";
import { foldName } from "../../kit/invisible-characters.ts";
import { asString } from "../../kit/json.ts";
import type { StateEvent } from "../../model/event.ts";
import { parseUserId, type UserId } from "../../model/ids.ts";

const rememberedMs = 24 * hourMs;
/** More than leave while a moderator looks away. */
const mostRemembered = 500;

export class RecentlyLeft {
  /** By person, the one who left last at the end. */
  readonly #people = new Map<UserId, { readonly name: string; readonly at: number }>();

  note({ type, stateKey, content, nameBefore }: StateEvent, at: number): void {
    const user = type === "m.room.member" ? parseUserId(stateKey) : undefined;
    if (!user || (content["membership"] !== "leave" && content["membership"] !== "ban")) return;
    const name = nameBefore ?? asString(content["displayname"]);
    if (name === undefined || name.length > 100) return;
    this.#people.delete(user);
    this.#people.set(user, { name: foldName(name), at });
    keepNewest(this.#people, mostRemembered);
  }

  /** Who left under this name, newest first. */
  called(name: string, at: number): readonly UserId[] {
    const wanted = foldName(name);
    return [...this.#people]
      .filter(([, one]) => one.name === wanted && Math.abs(at - one.at) < rememberedMs)
      .map(([user]) => user)
      .reverse();
  }
}
