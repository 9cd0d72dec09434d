/**
 * What we believe about the world. One writer: `apply(observation)`. What changed goes into the ledger; nothing is
 * decided here.
 */
import { minuteMs } from "../../kit/duration.ts";
import { asString } from "../../kit/json.ts";
import { isLevelChange, roomOf, type Action, type LevelChange } from "../actions/action.ts";
import type { Decision, Outcome } from "../decision.ts";
import type { MemberEntry, RoomEvent, StateEvent } from "../event.ts";
import { parseUserId, type EventId, type RoomId, type UserId } from "../ids.ts";
import type { Observation } from "../observation.ts";
import { isRuleType, sameness, type PolicyList, type RuleChange } from "../policy-list.ts";
import { differencesIn, type LevelEntry } from "../power-levels.ts";
import { coveredBy, isSingleUse, subjectsOf } from "../question.ts";
import { isKeptState, type Room } from "../room.ts";
import { entriesByHand, readServerAcl } from "../server-acl.ts";
import { moveAnswer, type RuleOrRoom } from "../settings/answers.ts";
import { changeSettings } from "../settings/change.ts";
import type { Settings } from "../settings/settings.ts";
import { Beliefs } from "./beliefs.ts";
import { restoreItem, takeItemRows } from "./collections.ts";
import type { Changes, Row } from "./changes.ts";
import type { WorldLimits } from "./limits.ts";
import { asStateEvent, listBehind } from "./own-echoes.ts";
import { placeOfState } from "./room-reads.ts";
import { WorldView } from "./view.ts";

/** A live change, and whether it is the first event ever under its key in that room. */
interface HowSeen {
  readonly fromTimeline?: boolean;
  readonly isFirst?: boolean;
  /** Believed by our own outcome, and not told by sync. */
  readonly isOwnWrite?: boolean;
}

export class World extends WorldView {
  readonly #beliefs: Beliefs;

  /** `seed`: a secret number for the hash tables, so that strangers cannot choose ids that collide. */
  constructor(self: UserId, limits: WorldLimits, seed = 0) {
    const beliefs = new Beliefs(self, limits, seed);
    super(beliefs);
    this.#beliefs = beliefs;
  }

  apply(seen: Observation): void {
    this.#beliefs.time.saw(seen.at);
    this.#passTime(seen.dueBy);
    switch (seen.kind) {
      case "state":
        return this.#applyState(seen.room, seen.event, seen.at, seen);
      case "message":
        return this.#applyMessage(seen.room, seen.event, seen.at);
      case "redaction":
        return this.#applyRedaction(seen);
      case "reading":
        return this.#beliefs.reads.begin(seen.room);
      case "room-read":
        return this.#applyRead(seen.room, seen);
      case "own-membership":
        return this.#applyOwnMembership(seen);
      case "malformed":
        return this.#noteMalformed(seen.room, seen.what, seen.at);
      case "outcome":
        return this.#applyOutcome(seen.outcome, seen.at);
      case "settings-changed":
        return this.#applySettings(changeSettings(this.settings, seen.change, this.limits));
      case "asked":
        this.#beliefs.stored.questions.set(seen.question);
        return;
      case "answered":
        return this.#applyAnswer(seen);
      case "tick":
        return this.#beliefs.ownEchoes.forgetOld(seen.at);
      case "gap":
        this.#beliefs.time.sawGap(seen.room, seen.at);
        return this.#beliefs.ownEchoes.forgetRoom(seen.room);
      case "offence":
        return this.#beliefs.stored.offences.set(seen.offence, seen.at);
      case "forgiven":
        for (const { user } of this.#beliefs.stored.offences.forgive(new Set(seen.incidents)))
          this.#beliefs.speech.forgive(user, seen.at);
        return;
      case "server-powers":
        this.#beliefs.serverPowers = seen.powers;
        return;
      case "command":
      case "progress":
      case "media-found":
      case "history-found":
      case "bans-read":
        return;
      case "synced":
        return this.#beliefs.time.synced(seen.at);
    }
  }

  /** What has changed since this was last asked. */
  takeChanges(): Changes {
    return this.#beliefs.changes.takeChanges();
  }

  /** What the store has to write since this was last asked. */
  takeRows(): readonly Row[] {
    return [...this.#beliefs.changes.takeRows(), ...takeItemRows(this.#beliefs.stored)];
  }

  /** Puts back a stored row, without noting a change. */
  restore(row: Row): void {
    switch (row.kind) {
      case "state":
        if (!row.event) return;
        // Whatever has expired meanwhile goes with the first observation, so that its bans go with it.
        if (isRuleType(row.type)) this.#beliefs.list(row.room).apply(row.event, 0);
        else this.#beliefs.room(row.room).keep(row.event);
        if (row.type === "org.matrix.mjolnir.shortcode")
          this.#beliefs.list(row.room).shortcode = shortcodeOf(row.event);
        return;
      case "member":
        if (row.record) this.#beliefs.members.restore(row.room, row.user, row.record);
        return;
      case "room": {
        const room = this.#beliefs.room(row.room);
        room.ownMembership = row.summary.ownMembership;
        room.trouble = row.summary.trouble;
        room.wasRemoved = row.summary.wasRemoved;
        room.aclByHand = row.summary.aclByHand;
        if (row.summary.membersKnown) this.#beliefs.membersKnown.add(row.room);
        return;
      }
      case "settings":
        this.#beliefs.settings = row.settings;
        for (const list of row.settings.lists) this.#beliefs.list(list.room);
        return;
      case "item":
        return restoreItem(this.#beliefs.stored, row);
      case "room-forgotten":
      case "room-gone":
        return;
    }
  }

  /** Has judging look at everything, once: at the start, and for `sync`. */
  reconsiderEverything(): void {
    this.#beliefs.changes.everything();
  }

  /** Has judging look at these rooms again. */
  reconsider(rooms: Iterable<RoomId>): void {
    for (const room of rooms) this.#beliefs.changes.room(room);
  }

  /** Rules end with whatever is seen next, so that nobody is judged by one that is over. */
  #passTime(dueBy: number): void {
    if (dueBy === this.dueBy) return;
    this.#beliefs.time.dueBy = dueBy;
    for (const list of this.#beliefs.lists.values()) this.#noteRules(list.expire(dueBy));
  }

  #applyState(id: RoomId, event: StateEvent, at: number, how: HowSeen = {}): void {
    if (event.sender === this.self) this.#beliefs.ownEchoes.echoed(event.eventId);
    if (event.type === "m.room.member") {
      if (how.fromTimeline && event.sender === event.stateKey) this.#heard(id, event, at);
      this.#beliefs.reads.cameFor(id, event.stateKey);
      return this.#applyMember(id, event, at, how);
    }
    const isLevels = event.type === "m.room.power_levels" && event.stateKey === "";
    if (isLevels && !how.isOwnWrite) {
      if (how.fromTimeline) this.#noteLostLevels(id, event);
      if (this.#beliefs.ownEchoes.areOlderLevels(id, event.eventId, this.now)) return;
    }
    this.#beliefs.reads.cameFor(id, placeOfState(event.type, event.stateKey));
    if (isRuleType(event.type)) {
      const list = this.#beliefs.list(id);
      const change = list.apply(event, this.dueBy);
      this.#storeRuleEvent(list, event);
      if (change) this.#noteRules([change]);
      return;
    }
    if (isKeptState(event.type)) this.#keep(id, event);
  }

  /**
   * Levels are one event, written whole: of two changes in the same moment the later takes back the earlier. Ours is one
   * entry more than what we knew; what differs besides was somebody else's.
   */
  #noteLostLevels(id: RoomId, event: StateEvent): void {
    const known = this.#beliefs.rooms.get(id)?.event("m.room.power_levels");
    const awaited = this.#beliefs.ownEchoes.awaitedLevels(id);
    if (!known) return;
    const differences = differencesIn(known.content, event.content);
    const isOurs = event.sender === this.self;
    // Believed since its outcome, as what we knew by then with our entry: now it is told as it was written.
    if (known.eventId === event.eventId) {
      const by = awaited?.event === event.eventId ? awaited.after : undefined;
      if (by && by !== this.self && differences > 0) this.#beliefs.changes.lostLevels(id, by);
    } else if (isOurs ? known.sender !== this.self : awaited?.event === known.eventId) {
      if (differences > 1) this.#beliefs.changes.lostLevels(id, isOurs ? known.sender : event.sender);
    }
  }

  #keep(id: RoomId, event: StateEvent): void {
    const room = this.#beliefs.room(id);
    const acl = room.event("m.room.server_acl");
    const [before, wasOurs] = [readServerAcl(acl?.content), acl?.sender === this.self];
    if (!room.keep(event)) return;
    this.#storeState(id, event, true);
    if (event.type === "m.room.server_acl") {
      const isOurs = event.sender === this.self;
      if (wasOurs && !isOurs) this.#beliefs.changes.overwritten(id, event.sender);
      room.aclByHand = entriesByHand(readServerAcl(event.content), {
        before,
        beforeByHand: room.aclByHand,
        isOurs,
      });
      this.#storeRoom(room);
      this.#beliefs.changes.acl(id);
    }
    if (event.type === "m.room.power_levels" || event.type === "m.room.create")
      this.#beliefs.changes.room(id);
    // Ours change mutes by their outcomes alone.
    if (event.type === "m.room.power_levels" && event.sender !== this.self) this.#forgetMutesChanged(room);
    if (event.type === "m.space.child" && this.settings.spaces.has(id)) this.#beliefs.changes.room(id);
    if (event.type === "m.room.tombstone") this.#beliefs.changes.room(id);
    if (event.type === "org.matrix.mjolnir.shortcode") this.#beliefs.list(id).shortcode = shortcodeOf(event);
  }

  /** Somebody gave them another level since: what was before the mute is no longer what to go back to. */
  #forgetMutesChanged(room: Room): void {
    for (const { user, level } of this.#beliefs.stored.mutes.inRoom(room.id))
      if (room.power.entryOf(user) !== level) this.#beliefs.stored.mutes.delete(room.id, user);
  }

  #applyMember(
    id: RoomId,
    event: StateEvent,
    at: number,
    { fromTimeline = false, isFirst = false }: HowSeen,
  ): void {
    const user = parseUserId(event.stateKey);
    const membership = asString(event.content["membership"]);
    if (!user || !isMembership(membership)) {
      return this.#noteMalformed(
        id,
        `a member event for ${event.stateKey.slice(0, 100)} without a valid membership`,
        at,
      );
    }
    if (!this.#beliefs.followsMembers(id)) return;
    if (this.#beliefs.ownEchoes.isOlder(id, user, { sender: event.sender, now: this.now })) return;
    const isJoin = fromTimeline && event.sender === user && membership === "join";
    const entry = { user, membership, sender: event.sender, eventId: event.eventId };
    this.#noteLostBan(id, entry, { isReset: !fromTimeline && this.#isOlderThanBan(id, user, event) });
    // Read once and followed since: whoever was not there then has come now.
    this.#setMember(id, entry, { since: this.#beliefs.membersKnown.has(id) ? at : undefined });
    if (isJoin) this.#beliefs.history.addJoin(id, user, { event: event.eventId, at, isFirst });
  }

  /** `since`: when the person came to be here, where we saw it. */
  #setMember(id: RoomId, entry: MemberEntry, { since }: { since?: number | undefined } = {}): void {
    const before = this.#beliefs.members.membershipOf(id, entry.user);
    this.#beliefs.members.set(id, entry.user, {
      membership: entry.membership,
      eventId: entry.eventId,
      isOurs: entry.membership === "ban" && entry.sender === this.self,
      since: since === undefined ? undefined : Math.floor(since / minuteMs),
    });
    const record = this.#beliefs.members.get(id, entry.user);
    const list =
      record?.isOurs && !record.forList
        ? this.#beliefs.ownEchoes.listOf(id, entry.user, record.stamp)
        : undefined;
    if (list) {
      this.#beliefs.members.setForList(id, entry.user, list);
      // Its rule may have gone while we did not know of the ban.
      this.#beliefs.changes.arrival(id, entry.user);
    }
    this.#storeMember(id, entry.user);
    // Moderators are exempt, so who is one concerns every room.
    if (id === this.settings.managementRoom)
      if (
        (before === "join" || before === "invite") !==
        (entry.membership === "join" || entry.membership === "invite")
      )
        this.#beliefs.changes.everything();
    if (entry.membership !== "leave" && entry.membership !== "ban")
      this.#beliefs.changes.arrival(id, entry.user);
  }

  /** A member event that stands now and is older than the ban before it can only have come by a state reset. */
  #isOlderThanBan(id: RoomId, user: UserId, { sentAt }: StateEvent): boolean {
    return sentAt < (this.#beliefs.members.get(id, user)?.since ?? 0) * minuteMs;
  }

  #noteLostBan(
    room: RoomId,
    { user, membership, sender }: Pick<MemberEntry, "user" | "membership" | "sender">,
    { isReset }: { isReset: boolean },
  ): void {
    const record = this.#beliefs.members.get(room, user);
    if (!record?.isOurs || !record.forList || membership === "ban" || sender === this.self) return;
    // Nobody can lift their own ban.
    const by = isReset || sender === user ? undefined : sender;
    this.#beliefs.changes.lostBan({ room, user, by, stamp: record.stamp });
  }

  #applyMessage(room: RoomId, event: RoomEvent, at: number): void {
    if (event.sender === this.self) return this.#beliefs.ownEchoes.echoed(event.eventId);
    if (!this.isProtected(room)) return;
    this.#beliefs.history.add(room, event.sender, event.eventId, at);
    this.#heard(room, event, at);
    this.#beliefs.stored.regulars.spoke(event.sender, at);
  }

  /** Nobody counts where no protection was ever set. */
  #heard(room: RoomId, event: RoomEvent, at: number): void {
    if (this.settings.protections.size > 0 && event.sender !== this.self && this.isProtected(room))
      this.#beliefs.speech.heard(room, event, at);
  }

  /** The first answer counts, but for rules and rooms, about which people may change their minds. */
  #applyAnswer(seen: Extract<Observation, { kind: "answered" }>): void {
    const question = this.#beliefs.stored.questions.get(seen.question);
    if (!question || (question.answer && (question.answer.yes === seen.yes || isSingleUse(question)))) return;
    const { yes, by, at } = seen;
    this.#beliefs.stored.questions.set({ ...question, answer: { yes, by, at } });
    const what = coveredBy(question, yes);
    if (what.length === 0) return;
    this.#applySettings(
      changeSettings(
        this.settings,
        yes ? { kind: "accept", what, at } : { kind: "reject", what, by, at },
        this.limits,
      ),
    );
    // What was held and is not covered by the answer is weighed anew.
    this.#noteAnswered(subjectsOf(question));
  }

  #applyRedaction(seen: Extract<Observation, { kind: "redaction" }>): void {
    const list = this.#beliefs.lists.get(seen.room);
    const rule = list?.ruleOf(seen.redacts);
    if (list && rule) {
      const change = list.redact(seen.redacts, { event: seen.eventId, by: seen.sender });
      this.#beliefs.reads.cameFor(seen.room, placeOfState(rule.eventType, rule.stateKey));
      this.#storeRule(seen.room, rule.eventType, rule.stateKey, undefined);
      if (change) this.#noteRules([change]);
    }
    const stripped = this.#beliefs.rooms.get(seen.room)?.strip(seen.redacts);
    if (!stripped) return;
    this.#storeState(seen.room, stripped, true);
    if (stripped.type === "m.room.server_acl") this.#beliefs.changes.acl(seen.room);
    if (stripped.type === "m.room.power_levels") this.#beliefs.changes.room(seen.room);
  }

  #applyRead(id: RoomId, read: { state?: readonly StateEvent[]; members?: readonly MemberEntry[] }): void {
    const room = this.#beliefs.room(id);
    const newer = this.#beliefs.reads.end(id);
    if (read.state) {
      const state = read.state.filter((event) => !newer.has(placeOfState(event.type, event.stateKey)));
      for (const event of state) {
        if (event.sender === this.self) this.#beliefs.ownEchoes.echoed(event.eventId);
        if (isKeptState(event.type) && !isRuleType(event.type)) this.#keep(id, event);
      }
      this.#reconcileRules(id, { events: state.filter((event) => isRuleType(event.type)), newer });
    }
    if (read.members) this.#replaceMembers(id, { entries: read.members, newer });
    room.trouble = undefined;
    this.#storeRoom(room);
    this.#beliefs.changes.room(id);
  }

  #reconcileRules(
    id: RoomId,
    { events, newer }: { events: readonly StateEvent[]; newer: ReadonlySet<string> },
  ): void {
    if (events.length === 0 && !this.#beliefs.lists.has(id)) return;
    const list = this.#beliefs.list(id);
    const { changes, gone } = list.reconcile(events, { newer, now: this.dueBy });
    for (const event of events) this.#storeRuleEvent(list, event);
    for (const rule of gone) this.#storeRule(id, rule.eventType, rule.stateKey, undefined);
    this.#noteRules(changes);
  }

  #replaceMembers(
    id: RoomId,
    { entries, newer }: { entries: readonly MemberEntry[]; newer: ReadonlySet<string> },
  ): void {
    const present = new Set(entries.map((entry) => entry.user));
    const known = this.#beliefs.members.membersOf(id, ["join", "invite", "knock", "ban"]);
    for (const user of [...known]) {
      if (present.has(user) || newer.has(user)) continue;
      this.#noteLostBan(id, { user, membership: "leave", sender: user }, { isReset: true });
      this.#beliefs.members.set(id, user, { membership: "leave", eventId: "", isOurs: false });
      this.#storeMember(id, user);
    }
    const since = this.#beliefs.membersKnown.has(id) ? this.now : undefined;
    this.#beliefs.membersKnown.add(id);
    for (const entry of entries) if (!newer.has(entry.user)) this.#setMember(id, entry, { since });
    // Until now nobody could be judged, as we did not know whom to spare.
    if (id === this.settings.managementRoom) this.#beliefs.changes.everything();
  }

  #applyOwnMembership(seen: Extract<Observation, { kind: "own-membership" }>): void {
    // Whom strangers invite us to, and that they thought better of it, is forgotten, or their mail would stay for ever.
    if (seen.membership !== "join" && !this.#beliefs.isWanted(seen.room)) return this.#letGo(seen.room);
    const room = this.#beliefs.room(seen.room);
    if (room.ownMembership === seen.membership) return;
    room.ownMembership = seen.membership;
    room.wasRemoved = (seen.membership === "leave" || seen.membership === "ban") && seen.by !== undefined;
    room.trouble = room.wasRemoved ? removalOf(seen) : undefined;
    this.#storeRoom(room);
    this.#beliefs.changes.room(seen.room);
    // The moderators stay known while we are out of their room: they are still the ones to spare.
    if (seen.membership !== "join" && seen.room !== this.settings.managementRoom)
      this.#forgetMembers(seen.room);
  }

  /** A room that is none of ours leaves nothing behind when we go, nor do the rules of a list that was only looked at. */
  #letGo(id: RoomId): void {
    const isKnown = this.#beliefs.rooms.delete(id);
    this.#beliefs.lists.get(id)?.clear();
    if (!this.#beliefs.lists.delete(id) && !isKnown) return;
    this.#beliefs.membersKnown.delete(id);
    this.#beliefs.members.forgetRoom(id);
    this.#beliefs.changes.store({ kind: "room-gone", room: id });
  }

  /** Members of a room we are not in cannot be followed, so they are read again on return. */
  #forgetMembers(id: RoomId): void {
    this.#beliefs.membersKnown.delete(id);
    for (const user of this.#beliefs.members.membersOf(id, ["ban"])) {
      const record = this.#beliefs.members.get(id, user);
      if (record?.forList)
        this.#beliefs.ownEchoes.keepList(id, user, { stamp: record.stamp, list: record.forList });
    }
    this.#beliefs.members.forgetRoom(id);
    this.#beliefs.changes.store({ kind: "room-forgotten", room: id });
    this.#storeRoom(this.#beliefs.room(id));
  }

  #setTrouble(id: RoomId, why: string): void {
    const room = this.#beliefs.room(id);
    if (room.trouble === why) return;
    room.trouble = why;
    this.#storeRoom(room);
  }

  #applySettings(settings: Settings): void {
    const before = this.settings;
    this.#beliefs.settings = settings;
    for (const list of settings.lists) this.#beliefs.list(list.room);
    this.#beliefs.changes.store({ kind: "settings", settings });
    if (before.lists !== settings.lists || before.exemptions !== settings.exemptions)
      this.#beliefs.changes.everything();
    if (before.accepted !== settings.accepted || before.rejected !== settings.rejected)
      this.#noteAnswered(differing(before, settings));
    for (const id of settings.rooms.keys()) if (!before.rooms.has(id)) this.#beliefs.changes.room(id);
    for (const id of settings.spaces.keys()) if (!before.spaces.has(id)) this.#beliefs.changes.room(id);
    for (const id of before.rooms.keys()) if (!settings.rooms.has(id)) this.#forgetMembers(id);
    if (settings.managementRoom && settings.managementRoom !== before.managementRoom)
      this.#beliefs.changes.room(settings.managementRoom);
  }

  #noteAnswered(what: Iterable<RuleOrRoom>): void {
    for (const key of what) {
      if (this.settings.rooms.has(key as RoomId)) this.#beliefs.changes.room(key as RoomId);
      for (const list of this.watchedLists()) {
        const rule = list.ruleOf(key as EventId);
        if (rule) this.#beliefs.changes.settled(rule);
      }
    }
  }

  /** A write that succeeded is believed at once; its echo through sync then changes nothing. */
  #applyOutcome({ decision, result }: Outcome, at: number): void {
    const { action, because } = decision;
    // Nothing was done, so there is nothing to believe.
    if (result.kind === "recorded") return;
    if (result.kind === "failed") this.#noteFailure(action, result.message);
    if (action.kind === "ban")
      this.#beliefs.ownEchoes.noteBan(
        action.room,
        action.user,
        result.kind === "done" ? undefined : listBehind(because),
      );
    if (result.kind !== "done") return this.#noteGivenUp(action);
    const entry = isLevelChange(action)
      ? this.#beliefs.rooms.get(action.room)?.power.entryOf(action.user)
      : undefined;
    if (result.eventId !== undefined && !this.#beliefs.ownEchoes.isEchoed(result.eventId)) {
      this.#applyOwnEvent(action, result.eventId, at);
    }
    if (isLevelChange(action)) this.#noteMute(action, entry);
    if (action.kind === "leave" && !this.#beliefs.isWanted(action.room)) this.#letGo(action.room);
    if (action.kind === "redact" && action.user) this.#beliefs.history.forget(action.user, action.event);
    if (action.kind === "ask" && result.eventId) this.#noteMessage(action.question, result.eventId);
    this.#acceptConfirmed(decision, result.eventId, at);
    if (action.kind !== "ban" || this.#beliefs.members.membershipOf(action.room, action.user) !== "ban")
      return;
    const list = listBehind(because);
    if (!list) return;
    this.#setForList(action.room, action.user, list);
    // The rule may have gone while the ban was on its way: look at the person again.
    this.#beliefs.changes.arrival(action.room, action.user);
  }

  /**
   * `stood`: the person's entry before we believed in the act. While the act waited somebody may have given them another
   * level, or taken theirs: that is what to put back. Where it is ours already, its echo was first.
   */
  #noteMute(action: LevelChange, stood: LevelEntry): void {
    const { room, user } = action;
    if (action.kind !== "mute") return this.#beliefs.stored.mutes.delete(room, user);
    const { level, until } = action;
    const before = stood === level ? action.before : stood;
    this.#beliefs.stored.mutes.set({ room, user, level, before, ...(until === undefined ? {} : { until }) });
  }

  #noteMessage(id: number, message: EventId): void {
    const question = this.#beliefs.stored.questions.get(id);
    if (question) this.#beliefs.stored.questions.set({ ...question, message });
  }

  /** A rule that a command wrote after a person's yes needs no second one. */
  #acceptConfirmed({ action, because }: Decision, rule: EventId | undefined, at: number): void {
    if (action.kind !== "write-policy" || because.kind !== "command" || !rule) return;
    if (this.#beliefs.stored.questions.ofCommand(because.event)?.answer?.yes !== true) return;
    this.#applySettings(changeSettings(this.settings, { kind: "accept", what: [rule], at }, this.limits));
  }

  /** A ban that was given up may have been done all the same, only its answer was lost. */
  #noteGivenUp(action: Action): void {
    const record = action.kind === "ban" ? this.#beliefs.members.get(action.room, action.user) : undefined;
    if (action.kind !== "ban" || !record?.isOurs || record.forList) return;
    const list = this.#beliefs.ownEchoes.listOf(action.room, action.user, record.stamp);
    if (!list) return;
    this.#setForList(action.room, action.user, list);
    this.#beliefs.changes.arrival(action.room, action.user);
  }

  #applyOwnEvent(action: Action, eventId: EventId, at: number): void {
    const origin = { sender: this.self, at };
    const written = isLevelChange(action)
      ? asStateEvent(action, eventId, { ...origin, levels: this.levelsAfter(action) })
      : asStateEvent(action, eventId, origin);
    const room = roomOf(action);
    if (!written || !room) return;
    const after = this.#beliefs.rooms.get(room)?.event("m.room.power_levels")?.sender;
    this.#applyState(room, written, at, { isOwnWrite: true });
    // After it was applied, or the wait would hold up our own event.
    if (written.type === "m.room.member") this.#beliefs.ownEchoes.awaitEcho(room, written.stateKey, at);
    if (written.type === "m.room.power_levels")
      this.#beliefs.ownEchoes.awaitLevels(room, { event: eventId, since: at, after });
  }

  #setForList(room: RoomId, user: UserId, list: RoomId): void {
    this.#beliefs.members.setForList(room, user, list);
    // Sync may still tell what came before our ban, and then the ban, as if it were new.
    this.#beliefs.ownEchoes.keepList(room, user, {
      stamp: this.#beliefs.members.get(room, user)!.stamp,
      list,
    });
    this.#storeMember(room, user);
  }

  #noteFailure(action: Action, message: string): void {
    if (action.kind === "read-room" || action.kind === "fill-gap") this.#beliefs.reads.end(action.room);
    if (action.kind === "join" || action.kind === "read-room") this.#setTrouble(action.room, message);
  }

  #noteRules(changes: readonly RuleChange[]): void {
    for (const change of changes) {
      this.#keepAnswer(change);
      if (this.isWatched(change.list)) this.#beliefs.changes.rule(change);
    }
  }

  /** Written anew for the same, as with another reason, a rule keeps what was said of it, or is still asked. */
  #keepAnswer({ before, after }: RuleChange): void {
    if (!before) return;
    if (!after || sameness(before) !== sameness(after)) return this.#askNoMoreAbout(before.eventId);
    const [old, now] = [before.eventId, after.eventId];
    const settings = moveAnswer(this.settings, old, now);
    if (settings === this.settings && this.#beliefs.stored.questions.holding(old) === undefined) return;
    if (settings !== this.settings) this.#applySettings(settings);
    for (const question of this.#beliefs.stored.questions.about(old)) {
      const rules = question.about.rules.map((rule) => (rule === old ? now : rule));
      this.#beliefs.stored.questions.set({ ...question, about: { ...question.about, rules } });
    }
  }

  /** A rule that went needs no answer; nor does a question of which all rules went. */
  #askNoMoreAbout(gone: EventId): void {
    const id = this.#beliefs.stored.questions.holding(gone);
    const question = id === undefined ? undefined : this.#beliefs.stored.questions.get(id);
    if (question?.about.kind !== "rules") return;
    const rules = question.about.rules.filter((rule) => rule !== gone);
    const told = question.told - Number(question.about.rules.indexOf(gone) < question.told);
    this.#beliefs.stored.questions.set({ ...question, about: { ...question.about, rules }, told });
  }

  #noteMalformed(room: RoomId | undefined, what: string, at: number): void {
    this.#beliefs.malformed.count++;
    this.#beliefs.malformed.examples.push({ room, what, at });
    if (this.#beliefs.malformed.examples.length > this.limits.malformedRemembered)
      this.#beliefs.malformed.examples.shift();
  }

  /** What nobody needs of it is not kept: a reason or an unknown field may have 60 kB. */
  #storeRuleEvent(list: PolicyList, event: StateEvent): void {
    const content = list.contentToKeep(event);
    this.#storeRule(list.room, event.type, event.stateKey, content && { ...event, content });
  }

  #storeState(room: RoomId, event: StateEvent, isKept: boolean): void {
    this.#storeRule(room, event.type, event.stateKey, isKept ? event : undefined);
  }

  #storeRule(room: RoomId, type: string, stateKey: string, event: StateEvent | undefined): void {
    this.#beliefs.changes.store({ kind: "state", room, type, stateKey, event });
  }

  #storeMember(room: RoomId, user: UserId): void {
    this.#beliefs.changes.store({
      kind: "member",
      room,
      user,
      record: this.#beliefs.members.get(room, user),
    });
  }

  #storeRoom(room: Room): void {
    const { ownMembership, trouble, wasRemoved, aclByHand } = room;
    this.#beliefs.changes.store({
      kind: "room",
      room: room.id,
      summary: {
        ownMembership,
        trouble,
        wasRemoved,
        aclByHand,
        membersKnown: this.#beliefs.membersKnown.has(room.id),
      },
    });
  }
}

/** What is accepted or rejected in one and not in the other. */
function differing(before: Settings, after: Settings): readonly RuleOrRoom[] {
  const changed = new Set<RuleOrRoom>();
  for (const kind of ["accepted", "rejected"] as const) {
    for (const key of before[kind].keys()) if (!after[kind].has(key)) changed.add(key);
    for (const key of after[kind].keys()) if (!before[kind].has(key)) changed.add(key);
  }
  return [...changed];
}

function isMembership(value: string | undefined): value is "join" | "invite" | "knock" | "ban" | "leave" {
  return value === "join" || value === "invite" || value === "knock" || value === "ban" || value === "leave";
}

function shortcodeOf(event: StateEvent): string | undefined {
  return asString(event.content["shortcode"])?.slice(0, 50);
}

function removalOf(seen: { membership: string; by: UserId | undefined; reason: string | undefined }): string {
  const verb = seen.membership === "ban" ? "banned" : "removed";
  const because = seen.reason ? ` (${seen.reason.slice(0, 200)})` : "";
  return seen.by ? `we were ${verb} by ${seen.by}${because}` : "we are not in the room";
}
