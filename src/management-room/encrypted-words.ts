/**
 * Encryption in the management room, for those who speak there: that it was switched on, and why something that was said is
 * not obeyed. Each is told once a person and day: silence would look like a Tyr that does not run.
 */
import type { Batch } from "../bot/part.ts";
import { keysTroubleOf } from "../commands/shared/problems.ts";
import { keepNewest } from "../kit/bounded.ts";
import { dayMs } from "../kit/duration.ts";
import { code, plain, say, type Say } from "../kit/say.ts";
import type { ActionOf } from "../model/actions/action.ts";
import type { Decision } from "../model/decision.ts";
import type { RoomEvent } from "../model/event.ts";
import type { EncryptionHealth } from "../model/health.ts";
import type { EventId, RoomId, UserId } from "../model/ids.ts";
import type { WorldView } from "../model/world/view.ts";
import type { Announcements } from "./announcements.ts";
import type { Distrust } from "./distrust.ts";
import type { Notify } from "./notify.ts";

type Message = Decision<ActionOf<"tell">>;

export interface EncryptedWordsOptions {
  readonly world: WorldView;
  readonly announcements: Pick<Announcements, "of" | "trouble">;
  readonly notify: Pick<Notify, "with">;
  readonly encryption: () => EncryptionHealth;
  /** The data folder cannot be written at all, and moderators are told so. */
  readonly isDiskInTrouble: () => boolean;
}

/** Keys come by another way than messages, mostly before them, and sometimes a moment after. */
const keysMayTakeMs = 10_000;
/** Keys that cannot be kept are told of once that lasts, and that it is over once that lasts: a nearly full disk fails now and then. */
const [lastsMs, overMs] = [10_000, 60_000];
/** Messages without a key that are waited for. */
const mostWaiting = 100;

export class EncryptedWords {
  readonly name = "encrypted words";
  readonly #options: EncryptedWordsOptions;
  #isOpen = false;
  /** What could not be read for want of a key, with who said it and when that came. */
  readonly #waiting = new Map<EventId, { readonly sender: UserId; readonly since: number }>();
  #refused: Message[] = [];
  /** Encrypted messages could be read when this was last looked at. */
  #couldRead = false;
  /** Since when keys cannot be kept; or, once that was told, can be kept again. */
  #keysSince: number | undefined;
  #isToldOfKeys = false;

  constructor(options: EncryptedWordsOptions) {
    this.#options = options;
  }

  /** What was so before is told in the first message. */
  caughtUp(): void {
    this.#isOpen = true;
  }

  nextAt(): number | undefined {
    const [oldest] = this.#waiting.values();
    const due = [
      ...(oldest ? [oldest.since + keysMayTakeMs] : []),
      ...(this.#keysSince === undefined ? [] : [this.#keysSince + (this.#isToldOfKeys ? overMs : lastsMs)]),
    ];
    return due.length > 0 ? Math.min(...due) : undefined;
  }

  /** Something was said that would have been obeyed. */
  refuse({ room, event }: { room: RoomId; event: RoomEvent }, why: Distrust, at: number): void {
    if (room !== this.#options.world.settings.managementRoom) return;
    const told = this.#answer(event, { why, text: refusals[why](event) }, at);
    if (told) this.#refused.push(told);
  }

  says({ seen, at }: Pick<Batch, "seen" | "at">): readonly Message[] {
    const { managementRoom } = this.#options.world.settings;
    const said = [...this.#refused.splice(0), ...this.#lost(at), ...this.#keys(at)];
    for (const one of seen) {
      if (!managementRoom || !("room" in one) || one.room !== managementRoom) continue;
      if (one.kind === "state" && one.event.type === "m.room.encryption" && this.#isOpen)
        said.push(...(this.#switchedOn(managementRoom, at) ?? []));
      if (one.kind === "message" || one.kind === "opened") said.push(...(this.#closed(one.event, at) ?? []));
    }
    return [...said, ...this.#overdue(at)];
  }

  /** The engine was lost while we ran. */
  #lost(at: number): readonly Message[] {
    const health = this.#options.encryption();
    const isLost = this.#couldRead && health.kind === "off";
    this.#couldRead = health.kind === "on";
    if (!isLost) return [];
    const message = this.#options.announcements.trouble(
      say`I can no longer read what is encrypted here, and what I say is not encrypted. ${plain(health.why, 600)} ✅ and ❌ on my questions still count, and I go on protecting.`,
      { what: `encryption lost ${at}`, topic: "encryption", at },
    );
    return message ? [message] : [];
  }

  /** Keys that others gave us cannot be written to the disk, or can be again. */
  #keys(at: number): readonly Message[] {
    const { encryption, announcements, isDiskInTrouble } = this.#options;
    const health = encryption();
    if (health.kind !== "on") this.#isToldOfKeys = false;
    const why = health.kind === "on" ? health.notKept : undefined;
    if ((why === undefined) !== this.#isToldOfKeys) {
      this.#keysSince = undefined;
      return [];
    }
    this.#keysSince ??= at;
    const isLasting = at - this.#keysSince >= (this.#isToldOfKeys ? overMs : lastsMs);
    if (!isLasting || (why !== undefined && isDiskInTrouble())) return [];
    this.#isToldOfKeys = why !== undefined;
    this.#keysSince = undefined;
    const what = `keys ${at}`;
    const message =
      why === undefined
        ? announcements.of(say`Keys that others give me can be kept on my disk again.`, what, at)
        : announcements.trouble(keysTroubleOf(why), { what, topic: "disk", at });
    return message ? [message] : [];
  }

  /** Once for each room: it cannot be switched off. */
  #switchedOn(room: string, at: number): readonly Message[] | undefined {
    const health = this.#options.encryption();
    const text =
      health.kind === "off"
        ? say`This room is encrypted from now on, and I cannot read encrypted messages: no command reaches me here any more. ✅ and ❌ on my questions still do, and I go on protecting. ${plain(health.why, 600)}`
        : say`This room is encrypted from now on. I read it, and encrypt what I say. I obey what is said from a device that you have verified, and no longer what is not encrypted.`;
    const message = this.#options.announcements.trouble(text, {
      what: `encrypted ${room}`,
      topic: "encryption",
      at,
    });
    return message && [message];
  }

  #closed({ type, sealed, sender, eventId, ...rest }: RoomEvent, at: number): readonly Message[] | undefined {
    this.#waiting.delete(eventId);
    const { world, encryption } = this.#options;
    if (type !== "m.room.encrypted" || sender === world.self || !world.isModerator(sender)) return undefined;
    const event = { type, sender, eventId, ...rest };
    if (sealed && "closed" in sealed && sealed.closed === "no key") {
      this.#waiting.set(eventId, { sender, since: at });
      keepNewest(this.#waiting, mostWaiting);
      return undefined;
    }
    const health = encryption();
    if (sealed && "by" in sealed) return undefined;
    const text = sealed ? closedWords(sealed.closed, sealed.why) : unreadable(health);
    const message = text && this.#answer(event, { why: "unread", text }, at);
    return message && [message];
  }

  #overdue(at: number): readonly Message[] {
    return [...this.#waiting].flatMap(([eventId, { sender, since }]) => {
      // Later than now: our clock was set back.
      if (at - since < keysMayTakeMs && at >= since) return [];
      this.#waiting.delete(eventId);
      return this.#answer({ sender, eventId }, { why: "unread", text: noKey }, at) ?? [];
    });
  }

  /** The same words on the same day are the same act, after a restart too. */
  #answer(
    { sender, eventId }: Pick<RoomEvent, "sender" | "eventId">,
    { why, text }: { readonly why: string; readonly text: Say },
    at: number,
  ): Message | undefined {
    const { announcements, notify } = this.#options;
    const message = announcements.of(text, `${why} ${sender} ${Math.floor(at / dayMs)}`, at);
    if (!message) return undefined;
    const reply = { ...message, action: { ...message.action, replyTo: eventId } };
    return notify.with(reply, { kind: "unread", asker: sender });
  }
}

const noKey = say`I could not read that: no key for it came. Say it again; if that does not help, say ${code("/discardsession")} in your client first.`;

function closedWords(closed: "no key" | "withheld" | "other", why = ""): Say {
  if (closed === "no key") return noKey;
  return closed === "withheld"
    ? say`I could not read that: your client gives me no key (${code(why, 60)}). Verify me in it, or let it send to devices that are not verified.`
    : say`I could not read that: ${plain(why, 200)}.`;
}

/** Undefined where it is not yet known: what cannot be opened then waits for nothing. */
function unreadable(health: EncryptionHealth): Say | undefined {
  return health.kind === "off"
    ? say`I cannot read encrypted messages. ${plain(health.why, 600)} Until then, say it in a room without encryption that is named as managementRoom.`
    : undefined;
}

const refusals: Readonly<Record<Distrust, (event: RoomEvent) => Say>> = {
  clear: () => say`I did not take that: it was not encrypted, and this room is.`,
  reaction: () =>
    say`I did not take that: reactions are not encrypted. Write yes or no, as a reply to the question.`,
  device: ({ sealed }) =>
    say`I did not take that: it came from a device (${code(deviceIn(sealed))}) that you have not verified. Verify it in your client, or say it from another one.`,
  forged: () => say`I did not take that: its key belongs to somebody else than it says.`,
  repeated: () =>
    say`I did not take that: the same encrypted message came before. Somebody may be showing me old messages anew.`,
};

function deviceIn(sealed: RoomEvent["sealed"]): string {
  return (sealed && "device" in sealed ? sealed.device : undefined)?.slice(0, 60) ?? "unknown";
}
