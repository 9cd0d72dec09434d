/**
 * An installation without any protection is offered the usual ones, once; where the config names a profile, that one is
 * used instead. Whatever was set since then is left as it is.
 */
import type { Batch } from "../bot/part.ts";
import type { Registry } from "../automod/registry.ts";
import { code, count, lines, say, type Say } from "../kit/say.ts";
import type { Words } from "../model/actions/action.ts";
import type { Decision } from "../model/decision.ts";
import type { Seen } from "../model/observation.ts";
import type { RoomEvent } from "../model/event.ts";
import type { RoomId } from "../model/ids.ts";
import { occasionOfConfig } from "../model/offered-command.ts";
import type { QuestionAbout } from "../model/question.ts";
import type { SettingChange } from "../model/settings/change.ts";
import type { WorldView } from "../model/world/view.ts";
import { profileChanges } from "../automod/profile.ts";
import type { Profile } from "../automod/define.ts";
import type { Announcements } from "./announcements.ts";

type Offer = QuestionAbout & { readonly kind: "offer" };

export interface ProfileOfferOptions {
  readonly world: WorldView;
  readonly registry: Pick<Registry, "known" | "watching">;
  /** What the config wants: to ask, nothing, or a profile. */
  readonly wanted: "ask" | "none" | Profile;
  /** The command prefix, for commands that a message suggests. */
  readonly prefix: string;
  /** Puts the question; gives its message. */
  readonly ask: (about: Offer, what: Say, at: number) => Decision<Words> | undefined;
  readonly believe: (seen: Seen, at: number) => void;
  readonly receive: (seen: readonly Seen[]) => void;
  /** No command changes anything: the profile of the config is in force for this run alone. */
  readonly isDryRun: boolean;
  readonly announcements: Pick<Announcements, "of">;
}

export class ProfileOffer {
  readonly name = "the offer of protections";
  readonly #options: ProfileOfferOptions;
  readonly #world: WorldView;
  #isOpen = false;
  #isUsed = false;

  constructor(options: ProfileOfferOptions) {
    this.#options = options;
    this.#world = options.world;
  }

  caughtUp(): void {
    this.#isOpen = true;
  }

  says({ at }: Pick<Batch, "at">): readonly Decision<Words>[] {
    const { wanted } = this.#options;
    const { settings } = this.#world;
    if (!this.#isOpen || wanted === "none" || settings.profile !== undefined) return [];
    // Before there is a room to protect the question would be too early.
    if (settings.managementRoom === undefined || [...this.#world.protectedIds()].length === 0) return [];
    if (this.#isAnySet()) return [];
    if (wanted === "ask") return [this.#offer(at) ?? []].flat();
    if (this.#options.isDryRun) return [this.#useForNow(wanted, at) ?? []].flat();
    this.#use(wanted, settings.managementRoom);
    return [];
  }

  /** Nobody has to answer any more. */
  isObsolete(about: QuestionAbout): boolean {
    return about.kind === "offer" && about.offer === "profile" && this.#isAnySet();
  }

  #isAnySet(): boolean {
    const { settings } = this.#world;
    return settings.protections.size > 0 || this.#options.registry.watching(settings).length > 0;
  }

  #offer(at: number): Decision<Words> | undefined {
    const { ask, prefix } = this.#options;
    this.#believe([{ kind: "choose-profile", profile: "none" }], at);
    const what = lines(
      say`No protection is on: I follow lists and commands, and look at nothing that people write. Switch on the usual ones, ${count(this.#changesTo("usual").length, "protection")} for most communities?`,
      say`${code(`${prefix} protections profile`)} shows them and two other sets. I do not ask again.`,
    );
    return ask({ kind: "offer", offer: "profile", text: "protections profile usual --now" }, what, at);
  }

  /** As if it had been said as a command: it is written down, told, and can be taken back by its number. */
  #use(profile: Profile, room: RoomId): void {
    if (this.#isUsed) return;
    this.#isUsed = true;
    const line = `protections profile ${profile} --now`;
    const event: RoomEvent = {
      type: "m.room.message",
      sender: this.#world.self,
      eventId: occasionOfConfig,
      content: { msgtype: "m.text", body: line },
      sentAt: this.#world.now,
    };
    const note = say`As the config says:`;
    this.#options.receive([{ kind: "command", room, event, line, note, aliases: new Map() }]);
  }

  #useForNow(profile: Profile, at: number): Decision<Words> | undefined {
    const { announcements, prefix } = this.#options;
    const changes = this.#changesTo(profile);
    this.#believe([...changes, { kind: "choose-profile", profile }], at);
    return announcements.of(
      say`The protections of the profile ${code(profile)} are on (${count(changes.length, "protection")}), as the config says. ${code(`${prefix} protections`)} shows them.`,
      `profile ${at}`,
      at,
    );
  }

  #changesTo(profile: Profile): readonly SettingChange[] {
    const { settings } = this.#world;
    return profileChanges(profile, this.#options.registry.known(settings).all, settings);
  }

  #believe(changes: readonly SettingChange[], at: number): void {
    for (const change of changes) this.#options.believe({ kind: "settings-changed", change }, at);
  }
}
