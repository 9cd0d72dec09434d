/**
 * 👍 and 👎 on the message about an incident: whether it was right that a protection found those people. The last one
 * counts.
 */
import type { LookedAt } from "../bot/part.ts";
import { right } from "../commands/protections/labels.ts";
import { keepNewest } from "../kit/bounded.ts";
import { decide, type Decision, type Outcome } from "../model/decision.ts";
import type { RoomEvent } from "../model/event.ts";
import type { EventId } from "../model/ids.ts";
import type { ObservationOf } from "../model/observation.ts";
import type { Past } from "../model/past-acts.ts";
import { inverseOfChange } from "../model/settings/change.ts";
import type { WorldView } from "../model/world/view.ts";
import type { Distrusting } from "./distrust.ts";
import { readThumb } from "./hearing/question-answers.ts";

export interface IncidentLabelsOptions {
  readonly world: WorldView;
  readonly past: Pick<Past, "ofMessage">;
  readonly distrust: Distrusting;
}

/** Messages of which it is known without asking the journal what they are about. */
const messagesRemembered = 1_000;

export class IncidentLabels {
  readonly name = "labels of incidents";
  readonly #world: WorldView;
  readonly #past: Pick<Past, "ofMessage">;
  readonly #distrust: Distrusting;
  /** Our messages by what they are about; undefined where they are about no incident. */
  readonly #messages = new Map<EventId, string | undefined>();

  constructor({ world, past, distrust }: IncidentLabelsOptions) {
    this.#world = world;
    this.#past = past;
    this.#distrust = distrust;
  }

  ended({ decision: { action }, result }: Outcome): void {
    if (action.kind !== "tell" || result.kind !== "done" || !result.eventId) return;
    this.#remember(result.eventId, this.#incidentOf(action.key));
  }

  proposes({ seen }: Pick<LookedAt, "seen">): readonly Decision[] {
    return seen.flatMap((one) => (one.kind === "message" ? this.#labelled(one) : []));
  }

  #labelled({ room, event }: ObservationOf<"message">): readonly Decision[] {
    const world = this.#world;
    if (event.type !== "m.reaction" || room !== world.settings.managementRoom) return [];
    if (event.sender === world.self || !world.mayDo(event.sender, right.role)) return [];
    if (this.#distrust({ room, event })) return [];
    // While anybody can join, anybody could say it.
    const thumb = world.rooms.get(room)?.isPublic ? undefined : readThumb(event);
    const incident = thumb && this.#about(thumb.to);
    const hit = incident === undefined ? undefined : world.stored.ruleHits.inIncident(incident);
    if (!thumb || !hit || incident === undefined) return [];
    // The first sync of a run repeats what was said: what was said after it stands.
    const isOld = (world.settings.labels.get(incident)?.at ?? -Infinity) > event.sentAt;
    return isOld ? [] : [this.#label(event, { ...hit, incident, isRight: thumb.isRight })];
  }

  #label(
    { eventId, sender: by, sentAt: at }: RoomEvent,
    { incident, protection, isRight }: { incident: string; protection: string; isRight: boolean },
  ): Decision {
    const change = { kind: "label", incident, label: { protection, isRight, by, at } } as const;
    const back = inverseOfChange(change, this.#world.settings);
    const text = isRight ? "right" : "wrong";
    return decide(
      { kind: "change-settings", change, ...(back ? { back } : {}) },
      { kind: "command", event: eventId, by, text, via: "reaction" },
      { at, replaces: "" },
    );
  }

  #about(message: EventId): string | undefined {
    if (!this.#messages.has(message)) {
      const told = this.#past.ofMessage(message, this.#world.settings.managementRoom!);
      this.#remember(message, told?.kind === "tell" ? this.#incidentOf(told.key) : undefined);
    }
    return this.#messages.get(message);
  }

  #remember(message: EventId, incident: string | undefined): void {
    this.#messages.set(message, incident);
    keepNewest(this.#messages, messagesRemembered);
  }

  /** By the key of a message: that of an incident is its id, and a call names it. */
  #incidentOf(key: string): string | undefined {
    const incident = key.replace(/^call of /, "");
    return this.#world.stored.ruleHits.inIncident(incident) && incident;
  }
}
