/**
 * Recognises waves: accounts that came, or spoke, together and have more in common than newcomers here have by chance. Pure
 * and online; only young accounts cost anything. It says what it believes, as observations; what is done about a wave is
 * decided elsewhere.
 */
import { bridgeOfBot, bridgeOfGhost } from "../model/bridges.ts";
import { serverOf, type UserId } from "../model/ids.ts";
import type { Observation, Seen } from "../model/observation.ts";
import { isUnseen } from "../model/recent-speech.ts";
import type { EventSighting, Sighting } from "../model/signals/sighting.ts";
import type { WorldView } from "../model/world/view.ts";
import type { Account } from "./account.ts";
import { Accounts } from "./accounts.ts";
import { Bridges } from "./bridges.ts";
import type { Cluster } from "./cluster.ts";
import { Clusters } from "./clusters.ts";
import { Earlier } from "./earlier.ts";
import { evidenceIn, type Evidence } from "./evidence.ts";
import { Good } from "./good.ts";
import { HomeServers } from "./home-servers.ts";
import { Joins, noBurst } from "./joins.ts";
import { Learning, type LearningLimits } from "./learning.ts";
import { lookAt, lookAtComing, type Looking } from "./look.ts";
import { Telling } from "./telling.ts";
import { Usual } from "./usual.ts";
import { hasLevel, isKnownSpeaker, isYoung } from "./young.ts";

export interface RecogniserLimits extends LearningLimits {
  /** Accounts that have to be alike until they are a wave. */
  readonly accounts: number;
}

export interface RecogniserOptions {
  readonly world: WorldView;
  /** Nothing is ever done to them: ourselves, moderators, exempt people. */
  readonly isLeftAlone: (user: UserId) => boolean;
  readonly limits: RecogniserLimits;
}

/** What the world has applied just now, and what people did in it. */
export interface Recognised {
  readonly seen: readonly Observation[];
  readonly sightings: Iterable<Sighting>;
  readonly at: number;
}

export class Recogniser {
  readonly #options: RecogniserOptions;
  readonly #world: WorldView;
  readonly #accounts = new Accounts();
  readonly #clusters: Clusters;
  readonly #joins = new Joins();
  readonly #home: HomeServers;
  readonly #bridges: Bridges;
  readonly #learning: Learning;
  readonly #usual: Usual;
  readonly #telling: Telling;
  readonly #looking: Looking;

  constructor(options: RecogniserOptions) {
    const { world, limits } = (this.#options = options);
    this.#world = world;
    const [accounts, good, earlier] = [this.#accounts, new Good(), new Earlier()];
    const usual = (this.#usual = new Usual({ world, accounts, good }));
    const clusters = (this.#clusters = new Clusters({ accounts, usual, earlier }));
    const clusterOf = (account: Account) => clusters.of(account);
    const joins = this.#joins;
    this.#home = new HomeServers(world);
    this.#bridges = new Bridges(world);
    this.#learning = new Learning({ world, accounts, usual, clusterOf, limits });
    this.#telling = new Telling({
      ...{ world, accounts, clusters, good, earlier, joins },
      fewest: limits.accounts,
    });
    this.#looking = { accounts, usual, good, clusterOf };
  }

  /** How much is held at present. */
  get held(): { readonly accounts: number; readonly traits: number; readonly clusters: number } {
    const { size: accounts, differentTraits: traits } = this.#accounts;
    return { accounts, traits, clusters: this.#clusters.all.size };
  }

  /** What is believed of waves from now on. */
  recognise({ seen, sightings: all, at }: Recognised): readonly Seen[] {
    if (!this.#world.knowsModerators) return [];
    const sightings = [...all];
    this.#usual.begin(sightings.flatMap((one) => (one.kind === "join" ? one.user : [])));
    this.#joins.begin(at);
    const believed: Seen[] = [...this.#telling.takeUp(at)];
    const touched = new Set<Cluster>();
    for (const sighting of sightings) {
      const cluster = isLookedAt(sighting) ? this.#look(sighting) : undefined;
      if (cluster) touched.add(cluster);
    }
    for (const one of evidenceIn(seen, this.#world)) {
      const cluster = this.#note(one);
      if (cluster) touched.add(cluster);
    }
    believed.push(...this.#learning.learn(at));
    believed.push(...this.#telling.tell(touched, { at, isCold: this.#learning.isCold(at) }));
    return believed;
  }

  /** Rules found these members of waves, and left it to the wave to answer. */
  found(users: Iterable<UserId>, at: number): readonly Seen[] {
    const touched = new Set([...users].flatMap((user) => this.#note({ user, is: "found" }) ?? []));
    return touched.size === 0 ? [] : this.#telling.tell(touched, { at, isCold: this.#learning.isCold(at) });
  }

  #note({ user, is }: Evidence): Cluster | undefined {
    const account = this.#accounts.get(user);
    if (!account) return undefined;
    if (is === "removed") account.wasRemoved = true;
    else if (is === "listed") account.isListed = true;
    else account.isFound = true;
    const cluster = this.#clusters.of(account);
    cluster?.tally.note(account, { isNews: false });
    return cluster;
  }

  #look(sighting: EventSighting): Cluster | undefined {
    const { user, at } = sighting;
    const { world, isLeftAlone } = this.#options;
    const view = { world, isLeftAlone };
    const known = this.#accounts.get(user);
    if (
      isKnownSpeaker(sighting, view) ||
      (known && hasLevel(user, sighting.room, view)) ||
      this.#isFine(user)
    ) {
      if (known) this.#forget(known);
      return undefined;
    }
    const account = known ?? this.#firstSeen(sighting);
    if (!account) return undefined;
    this.#accounts.didSomething(account, at);
    if (sighting.kind === "join") account.joinedAt ??= at;
    lookAt(account, sighting, this.#looking);
    return this.#clusters.place(account, at);
  }

  /** A moderator said that they are no part of any wave, or that they come by a bridge: those all look alike. */
  #isFine(user: UserId): boolean {
    const { settings } = this.#world;
    return (
      settings.excused.has(user) ||
      bridgeOfGhost(user, settings) !== undefined ||
      bridgeOfBot(user, settings) !== undefined
    );
  }

  #forget(account: Account): void {
    const cluster = this.#clusters.of(account);
    if (cluster) this.#clusters.leave(account, cluster);
    if (this.#isFine(account.user)) cluster?.left.delete(account.user);
    this.#accounts.delete(account);
  }

  #firstSeen(sighting: EventSighting): Account | undefined {
    const { user, room, at } = sighting;
    if (!isYoung(sighting, this.#options) || this.#bridges.isGhost(user, at)) return undefined;
    this.#usual.isLookedAt(user);
    const account = this.#accounts.make(user, at, (gone) => this.#clusters.forget(gone));
    const server = serverOf(user);
    const isComing = sighting.kind === "join";
    const heldUpMs = this.#world.heldUpMs(room, sighting);
    lookAtComing(
      account,
      {
        burst: (isServerNew) => (isComing ? this.#joins.joined(at, { heldUpMs, isServerNew }) : noBurst),
        isHome: this.#home.has(server, at),
        isExpected: this.#joins.takeExpected(server, this.#world.settings.expectedCrowds.values(), at),
      },
      this.#looking,
    );
    if (isComing) this.#learning.cameIn(this.#joins.came(account, at));
    this.#takeUpMember(account);
    return account;
  }

  /** Of before a restart. */
  #takeUpMember(account: Account): void {
    const member = this.#world.stored.waveMembers.get(account.user);
    const cluster = member && this.#clusters.withId(member.wave);
    if (!member || !cluster) return;
    account.joinedAt = member.joinedAt;
    account.spokeAt = member.spokeAt;
    account.rooms = member.rooms;
    account.messages = member.messages;
    const { accounts, spoke } = cluster.before;
    cluster.before = { accounts: accounts - 1, spoke: spoke - (member.spokeAt === undefined ? 0 : 1) };
    this.#clusters.enter(account, cluster);
  }
}

/** Whoever leaves, invites or removes something shows nothing of themselves. */
function isLookedAt(sighting: Sighting): sighting is EventSighting {
  switch (sighting.kind) {
    case "join":
    case "knock":
    case "profile":
      return true;
    case "message":
      return !isUnseen(sighting.event.type);
    default:
      return false;
  }
}
