/** Accounts that acted far more than moderators do: since when, and what was told of it. What people say of them is a setting. */
import type { RoomId, UserId } from "../ids.ts";
import { UnwrittenItems } from "../unwritten-items.ts";

export interface StaffAlarm {
  readonly user: UserId;
  /** The incident of the protection that found them. */
  readonly incident: string;
  /** When it was found, and the first act that counted; ms since the epoch. */
  readonly at: number;
  readonly since: number;
  /** Where the act was that was too much. */
  readonly room: RoomId;
  /** The account was stopped without a word, as the config says, or it cannot be. */
  readonly isHandled?: true;
}

/** To read only. */
export type StaffAlarmsView = Readonly<Pick<StaffAlarms, "get" | "all" | "isAny">>;

/** One for each account, the newest; a community has fewer moderators. */
const remembered = 200;

export class StaffAlarms {
  readonly storedAs = "staff-alarm";
  readonly unwritten = new UnwrittenItems<StaffAlarm>();
  /** The oldest first. */
  readonly #all = new Map<UserId, StaffAlarm>();

  get view(): StaffAlarmsView {
    return this;
  }

  /** Mostly there is none. */
  get isAny(): boolean {
    return this.#all.size > 0;
  }

  get(user: UserId): StaffAlarm | undefined {
    return this.#all.get(user);
  }

  all(): Iterable<StaffAlarm> {
    return this.#all.values();
  }

  set(alarm: StaffAlarm): void {
    this.#all.delete(alarm.user);
    this.#all.set(alarm.user, alarm);
    this.unwritten.note(alarm.user, alarm);
    if (this.#all.size <= remembered) return;
    const [oldest] = this.#all.keys();
    this.#all.delete(oldest!);
    this.unwritten.note(oldest!, undefined);
  }

  restore(_key: string, alarm: StaffAlarm): void {
    this.#all.set(alarm.user, alarm);
  }
}
