/**
 * Encryption in the management room, which we cannot read: that it was switched on is told at once, and whoever says
 * something encrypted there is answered, once a day, as silence would look like a Tyr that does not run.
 */
import type { Batch } from "../bot/part.ts";
import { dayMs } from "../kit/duration.ts";
import { say } from "../kit/say.ts";
import type { ActionOf } from "../model/actions/action.ts";
import type { Decision } from "../model/decision.ts";
import type { RoomEvent } from "../model/event.ts";
import type { WorldView } from "../model/world/view.ts";
import type { Announcements } from "./announcements.ts";
import type { Notify } from "./notify.ts";

type Message = Decision<ActionOf<"tell">>;

export interface EncryptedWordsOptions {
  readonly world: WorldView;
  readonly announcements: Pick<Announcements, "of" | "trouble">;
  readonly notify: Pick<Notify, "with">;
}

export class EncryptedWords {
  readonly name = "encrypted words";
  readonly #options: EncryptedWordsOptions;
  #isOpen = false;

  constructor(options: EncryptedWordsOptions) {
    this.#options = options;
  }

  /** What was so before is told in the first message. */
  caughtUp(): void {
    this.#isOpen = true;
  }

  says({ seen, at }: Pick<Batch, "seen" | "at">): readonly Message[] {
    const { managementRoom } = this.#options.world.settings;
    return seen.flatMap((one) => {
      if (!managementRoom || !("room" in one) || one.room !== managementRoom) return [];
      if (one.kind === "state" && one.event.type === "m.room.encryption" && this.#isOpen)
        return this.#switchedOn(managementRoom, at) ?? [];
      if (one.kind !== "message" || one.event.type !== "m.room.encrypted") return [];
      return this.#answer(one.event, at) ?? [];
    });
  }

  /** Once for each room: it cannot be switched off. */
  #switchedOn(room: string, at: number): Message | undefined {
    return this.#options.announcements.trouble(
      say`This room is encrypted from now on, and I cannot read encrypted messages yet: no command reaches me here any more. ✅ and ❌ on my questions still do, and I go on protecting. Make a room without encryption, invite me there, and name it as managementRoom.`,
      { what: `encrypted ${room}`, topic: "encryption", at },
    );
  }

  /** The same words on the same day are the same act, after a restart too. */
  #answer({ sender, eventId }: RoomEvent, at: number): Message | undefined {
    const { world, announcements, notify } = this.#options;
    if (!world.isModerator(sender)) return undefined;
    const message = announcements.of(
      say`I cannot read encrypted messages yet. Say it in a room without encryption: whoever runs me has to name one as managementRoom.`,
      `unread ${sender} ${Math.floor(at / dayMs)}`,
      at,
    );
    if (!message) return undefined;
    const reply = { ...message, action: { ...message.action, replyTo: eventId } };
    return notify.with(reply, { kind: "unread", asker: sender });
  }
}
