/** Finds out whose message was reported: one request for each message, few at a time, so many an hour for one person. */
import { hourMs } from "../../kit/duration.ts";
import { keepNewest } from "../../kit/bounded.ts";
import { asString } from "../../kit/json.ts";
import type { RoomEvent } from "../../model/event.ts";
import type { EventId, RoomId, UserId } from "../../model/ids.ts";
import type { Seen } from "../../model/observation.ts";
import type { Report, ReportedKind } from "../../model/reports/report.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { Claim } from "./claims.ts";

export interface LookingUpOptions {
  readonly world: WorldView;
  readonly event: (room: RoomId, event: EventId) => Promise<RoomEvent | undefined>;
  readonly receive: (seen: readonly Seen[]) => void;
}

const atOnce = 4;
/** What waits beyond that is left out: a flood of reports is told of as one. */
const mostWaiting = 200;
const mostOfOne = 20;
const peopleRemembered = 1_000;

export class LookingUp {
  readonly #options: LookingUpOptions;
  readonly #waiting: Claim[] = [];
  readonly #asked = new Map<UserId, readonly number[]>();
  #underWay = 0;

  constructor(options: LookingUpOptions) {
    this.#options = options;
  }

  claimed(claim: Claim, at: number): void {
    const { world, receive } = this.#options;
    const user = authorKnown(claim, world);
    if (user) return receive([{ kind: "report", report: { ...claim, user } }]);
    if (this.#waiting.length >= mostWaiting || !this.#mayAsk(claim.by, at)) return;
    this.#waiting.push(claim);
    this.#next();
  }

  #mayAsk(by: UserId, at: number): boolean {
    const recent = (this.#asked.get(by) ?? []).filter((then) => Math.abs(at - then) < hourMs);
    if (recent.length >= mostOfOne) return false;
    this.#asked.set(by, [...recent, at]);
    keepNewest(this.#asked, peopleRemembered);
    return true;
  }

  #next(): void {
    while (this.#underWay < atOnce) {
      const claim = this.#waiting.shift();
      if (!claim) return;
      this.#underWay++;
      void this.#look(claim);
    }
  }

  async #look(claim: Claim): Promise<void> {
    const { event, receive } = this.#options;
    const found = await event(claim.room, claim.event).catch(() => undefined);
    this.#underWay--;
    if (found) receive([{ kind: "report", report: reportOf(claim, found) }]);
    this.#next();
  }
}

function authorKnown({ room, event }: Claim, { stored }: WorldView): UserId | undefined {
  for (const { user, events } of stored.cases.open())
    if (events.some((one) => one.event === event && one.room === room)) return user;
  return undefined;
}

function reportOf(claim: Claim, found: RoomEvent): Report {
  return { ...claim, user: found.sender, what: kindOf(found) };
}

const kinds: Readonly<Record<string, ReportedKind>> = {
  "m.image": "picture",
  "m.video": "video",
  "m.audio": "sound",
  "m.file": "file",
};

function kindOf({ type, content }: RoomEvent): ReportedKind {
  if (type === "m.sticker") return "sticker";
  return kinds[asString(content["msgtype"]) ?? ""] ?? "message";
}
