// The main job, seen on a real homeserver through the eyes of another user: a spammer is banned by one line, lists of
// others are applied, a listed person is met at the next door, a mistake is taken back, and so is all that a wave led to.
// `npm run demo -- --stay` leaves everything running, to look around with a client.

import { parseArgs } from "node:util";
import { banBySpam, banOnJoin, countUntouched, serverBanByList, undoBan } from "./demo/acts.ts";
import { type Community, makeCommunity } from "./demo/community.ts";
import { quote, type Row, show, table } from "./demo/screen.ts";
import { startServer } from "./demo/server.ts";
import { wave } from "./demo/wave.ts";
import { textOf } from "../test/support/synapse/client.ts";
import { startTyr } from "../test/support/tyr-process.ts";

const { values } = parseArgs({ options: { stay: { type: "boolean", default: false } } });

show("starting a homeserver (the first time a Synapse is installed, which takes a minute)");
const server = await startServer();
if (server.excuse !== undefined) for (const line of server.excuse.split("\n")) show(line);
try {
  const community = await makeCommunity(server);
  const { bot, settings } = community;
  const tyr = await startTyr({ homeserverUrl: server.url, accessToken: bot.accessToken, settings });
  try {
    quote(await firstMessage(community));
    const rows: Row[] = [];
    for (const act of [banBySpam, serverBanByList, banOnJoin, undoBan, wave])
      rows.push(...(await act(community)));
    table(rows);
    console.log(`\n${await countUntouched(community)}.`);
    if (values.stay) await stay(community);
    const code = await tyr.stop();
    show(`Tyr has stopped with exit code ${code}; nothing is left of it all`);
  } finally {
    await tyr.kill();
    await tyr.remove();
    community.close();
  }
} finally {
  await server.stop();
}

async function firstMessage({ moderator, managementRoom, bot }: Community): Promise<string> {
  const { event } = await moderator.until(
    (one, room) =>
      room === managementRoom && one.sender === bot.userId && textOf(one).startsWith("Tyr is watching"),
    { what: "Tyr's first message", timeoutMs: 60_000 },
  );
  return textOf(event);
}

/** Until Ctrl-C. */
function stay({ moderatorLogin, observer, regulars, managementRoom }: Community): Promise<void> {
  console.log("");
  show("everything goes on. With any client that speaks plain HTTP to this machine:");
  const logins = [
    ["homeserver", server.url, ""],
    ["a moderator", moderatorLogin.userId, moderatorLogin.password],
    ["a regular", observer.userId, observer.password],
    ["another one", regulars[1]!.userId, regulars[1]!.password],
  ] as const;
  for (const [who, name, password] of logins)
    console.log(`           ${who.padEnd(12)} ${name}${password === "" ? "" : `   password: ${password}`}`);
  console.log(`           the moderators' room is ${managementRoom}. Try there: !tyr help`);
  show("Ctrl-C ends it");
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}
