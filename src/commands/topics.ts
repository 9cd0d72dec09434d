/** What help and docs group the commands by. `index.ts` says which command belongs where. */

export const topics = [
  { name: "people", about: "bans, kicks, mutes, warnings, redactions, levels, exemptions" },
  { name: "lists", about: "policy lists and the rules in them" },
  { name: "rooms", about: "protected rooms and spaces, closed rooms, people who knock, aliases" },
  { name: "protections", about: "what looks for trouble by itself" },
  { name: "waves", about: "spam waves, crowds that are expected, rehearsals" },
  { name: "reports", about: "what people report, appeals, and notes about people" },
  { name: "staff", about: "moderators' accounts that do more than moderators do" },
  { name: "duty", about: "who is called, and when; the report of the morning" },
  { name: "server", about: "what takes an administrator of the homeserver: accounts, files, rooms" },
  { name: "general", about: "how I am doing, what waits for you, what was done and why" },
] as const;

export type TopicName = (typeof topics)[number]["name"];
