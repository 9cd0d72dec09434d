/** The answer `call`: a message that notifies moderators, once an incident, however often others were told lately. */
import type { LookedAt } from "../bot/part.ts";
import { roomName } from "../commands/shared/room-names.ts";
import type { FindingResponse } from "../decisions/respond/respond.ts";
import { isStaffAlarm } from "../decisions/staff/alarm.ts";
import { keepNewest } from "../kit/bounded.ts";
import { code, plain, say, type Say } from "../kit/say.ts";
import type { ActionOf } from "../model/actions/action.ts";
import { decide, type Decision } from "../model/decision.ts";
import type { Target } from "../model/finding.ts";
import { noSubject } from "../model/subject.ts";
import type { WorldView } from "../model/world/view.ts";
import type { Notify } from "./notify.ts";

/** Incidents that may still go on. The journal knows the others: one that was called for is not called for again. */
const incidentsRemembered = 100;

export class Calls {
  readonly name = "calls";
  readonly #world: WorldView;
  readonly #notify: Pick<Notify, "with">;
  readonly #called = new Set<string>();

  constructor({ world, notify }: { world: WorldView; notify: Pick<Notify, "with"> }) {
    this.#world = world;
    this.#notify = notify;
  }

  says({ findings, at }: Pick<LookedAt, "findings" | "at">): readonly Decision<ActionOf<"tell">>[] {
    return findings.flatMap((one) => {
      const { incident, responses, mode } = one;
      // A wave calls once, by its question, and so does the account of a moderator.
      if (this.#world.stored.waves.get(incident) || isStaffAlarm(one)) return [];
      if (mode === "alert" || !responses.includes("call") || this.#called.has(incident)) return [];
      this.#called.add(incident);
      keepNewest(this.#called, incidentsRemembered);
      return this.#call(one, at) ?? [];
    });
  }

  #call({ finding, incident }: FindingResponse, at: number): Decision<ActionOf<"tell">> | undefined {
    const { managementRoom: room } = this.#world.settings;
    if (!room) return undefined;
    const { protection, about, sentence } = finding;
    const what = `call of ${incident}`;
    const action = {
      kind: "tell",
      room,
      key: what,
      revision: 0,
      say: say`${protection} calls for you: ${whoOf(about)} in ${roomName(about.room, this.#world)} (${plain(sentence, 150)}).`,
      edits: undefined,
      replyTo: undefined,
      about: { ...noSubject, who: about.kind === "person" ? [about.user] : [], rooms: [about.room] },
    } as const;
    return this.#notify.with(decide(action, { kind: "self", what }, { at, replaces: "" }), { kind: "call" });
  }
}

function whoOf(about: Target): Say {
  switch (about.kind) {
    case "person":
      return code(about.user);
    case "server":
      return code(about.server);
    case "room":
      return say`something`;
  }
}
