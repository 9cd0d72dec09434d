// A community for the demo: twelve rooms, thirty regulars, a moderator, a management room, a list of its own and one
// of another community; and one regular whose client watches everything, to tell what other people see.

import { inTurns } from "../../test/support/in-turns.ts";
import { TestClient } from "../../test/support/synapse/client.ts";
import { progress, show } from "./screen.ts";
import type { DemoServer, Login } from "./server.ts";

const roomNames = "Lobby,Help,News,Music,Books,Film,Garden,Kitchen,Code,Travel,Sport,Off topic".split(",");
const regularCount = 30;
const roomsEach = 4;

export interface Person extends Login {
  readonly client: TestClient;
}

export interface Community {
  readonly server: DemoServer;
  readonly bot: Login;
  readonly moderator: TestClient;
  readonly moderatorLogin: Login;
  readonly managementRoom: string;
  readonly rooms: readonly string[];
  /** The regular through whose eyes we look; in every room. */
  readonly observer: Person;
  readonly regulars: readonly Person[];
  /** Writes the list of the other community. */
  readonly editor: Person;
  readonly sharedList: string;
  /** The config with which Tyr protects these rooms. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** A new account, joined to the rooms. */
  person(localpart: string, rooms: readonly string[]): Promise<Person>;
  close(): void;
}

export async function makeCommunity(server: DemoServer): Promise<Community> {
  const newcomer = async (localpart: string): Promise<Person> => {
    const login = await server.register(localpart);
    return { ...login, client: new TestClient(server.url, login.accessToken) };
  };
  const [bot, moderator, editor] = await Promise.all(["tyr", "olga", "editor"].map(newcomer));
  if (!bot || !moderator || !editor) throw new Error("three accounts were asked for");
  const levels = { users: { [bot.userId]: 100, ...creatorLevel(server, moderator.userId) } };

  const managementRoom = await moderator.client.createRoom({
    preset: "private_chat",
    name: "Moderators",
    invite: [bot.userId],
  });
  await bot.client.join(managementRoom);
  const list = await makeList(moderator, { name: "Our list", shortcode: "ours", levels });
  const sharedList = await makeList(editor, { name: "A list of others", shortcode: "shared" });
  await Promise.all([list, sharedList].map((room) => bot.client.join(room)));

  const rooms: string[] = [];
  const roomMade = progress("rooms", roomNames.length);
  for (const name of roomNames) {
    const room = await moderator.client.createRoom({ name, powerLevels: levels });
    await bot.client.join(room);
    rooms.push(room);
    roomMade();
  }
  const regularCame = progress("regulars", regularCount);
  const regulars = await inTurns(
    Array.from({ length: regularCount }, (_, i) => i),
    async (i) => {
      const person = await newcomer(`regular-${i + 1}`);
      const theirs =
        i === 0 ? rooms : Array.from({ length: roomsEach }, (_, n) => rooms[(i * 5 + n) % rooms.length]!);
      for (const room of theirs) await person.client.join(room);
      await person.client.sendText(theirs[0]!, "Good morning!");
      regularCame();
      return person;
    },
  );
  const observer = regulars[0]!;
  await Promise.all([moderator.client.watch(), observer.client.watch()]);
  show(
    `a community on ${server.name}: ${rooms.length} rooms, ${regulars.length} regulars, a moderator, two lists`,
  );

  return {
    server,
    bot,
    moderator: moderator.client,
    moderatorLogin: moderator,
    managementRoom,
    rooms,
    observer,
    regulars,
    editor,
    sharedList,
    settings: {
      managementRoom,
      protectedRooms: rooms,
      watchedLists: [list, sharedList],
      commands: { describe: false },
      // As if Tyr had been here for long enough to know what is usual.
      waves: { learnDays: 0, learnPeople: 0 },
    },
    async person(localpart, where) {
      const person = await newcomer(localpart);
      await Promise.all(where.map((room) => person.client.join(room)));
      return person;
    },
    close() {
      for (const client of [moderator.client, observer.client]) void client.close();
    },
  };
}

function makeList(
  owner: Person,
  {
    name,
    shortcode,
    levels,
  }: { name: string; shortcode: string; levels?: Readonly<Record<string, unknown>> },
): Promise<string> {
  return owner.client.createRoom({
    name,
    creationContent: { type: "m.policy" },
    initialState: [{ type: "org.matrix.mjolnir.shortcode", state_key: "", content: { shortcode } }],
    ...(levels && { powerLevels: levels }),
  });
}

/** Since room version 12 the creator stands above all levels and must not be listed. */
function creatorLevel({ version }: DemoServer, creator: string): Readonly<Record<string, number>> {
  return version === "12" ? {} : { [creator]: 100 };
}
