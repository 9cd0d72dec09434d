import { describe, expect, test } from "@jest/globals";
import { changeSettings } from "../../src/model/settings/change.ts";
import {
  noSettings,
  settingsFromJson,
  settingsToJson,
  type Settings,
} from "../../src/model/settings/settings.ts";
import { openDatabase } from "../../src/store/database.ts";
import { Snapshot } from "../../src/store/snapshot.ts";

/** As 0fc16fb wrote it, with something in every field. */
const written = {
  managementRoom: `"managementRoom":"!desk:example.org"`,
  rooms: `"rooms":[{"room":"!lobby:example.org","via":["example.org","other.example"]},{"room":"!hall:example.org","via":[],"space":"!inner:example.org"}]`,
  spaces: `"spaces":[["!space:example.org",["example.org"]],["!inner:example.org",[]]]`,
  spacesWithin: `"spacesWithin":[["!inner:example.org","!space:example.org"]]`,
  lists: `"lists":[{"room":"!list-a:example.org","via":["example.org"],"liftsBans":true},{"room":"!list-b:example.org","via":[],"liftsBans":false}]`,
  exemptions: `"exemptions":[{"entity":"@bridge_*:example.org","reason":"the bridge's \\"puppets\\"","by":"@mod:example.org","at":1700000000000},{"entity":"matrix.org","reason":"","by":"@mod:example.org","at":1700000000001,"expiresAt":1700086400000}]`,
  defaultList: `"defaultList":"!list-b:example.org"`,
  excluded: `"excluded":["!list-c:example.org","!noise:example.org"]`,
  keptBansOf: `"keptBansOf":["!list-c:example.org"]`,
  accepted: `"accepted":[["$rule1:example.org",1700000000002],["!lobby:example.org",1700000000002]]`,
  rejected: `"rejected":[["$rule2",{"by":"@mod:example.org","at":1700000000003}],["$rule3",{"at":1700000000004}]]`,
  protections: `"protections":[["flood",{"enabled":true,"messages":10,"action":["warn","mute"]}],["flood !hall:example.org",{"enabled":false,"window":"1m"}]]`,
  rules: `"rules":[["links",{"versions":[{"number":1,"text":"when: links","by":"@mod:example.org","at":1700000000008}],"inForce":1}]]`,
  ruleLists: `"ruleLists":[["slurs",{"kind":"words","entries":["rude"]}]]`,
  understood: `"understood":["mjolnir","draupnir"]`,
  previews: `"previews":[["!seen:example.org",{"command":"$preview","at":1700000000005}]]`,
  stopping: `"stopping":{"stop":{"by":"@mod:example.org","at":1700000000006,"until":1700000000007},"dropped":[{"event":"$kick","by":"@mod:example.org","text":"kick @a:x"}]}`,
};

const json = (fields: Readonly<Record<string, string>>) => `{${Object.values(fields).join(",")}}`;

test("every setting is read back as the value it was", () => {
  expect(read(json(written))).toEqual({
    // What a database of this shape does not have.
    ...noSettings,
    managementRoom: "!desk:example.org",
    rooms: new Map([
      ["!lobby:example.org", { room: "!lobby:example.org", via: ["example.org", "other.example"] }],
      ["!hall:example.org", { room: "!hall:example.org", via: [], space: "!inner:example.org" }],
    ]),
    spaces: new Map([
      ["!space:example.org", ["example.org"]],
      ["!inner:example.org", []],
    ]),
    spacesWithin: new Map([["!inner:example.org", ["!space:example.org"]]]),
    lists: [
      { room: "!list-a:example.org", via: ["example.org"], liftsBans: true },
      { room: "!list-b:example.org", via: [], liftsBans: false },
    ],
    exemptions: new Map([
      [
        "@bridge_*:example.org",
        {
          entity: "@bridge_*:example.org",
          reason: `the bridge's "puppets"`,
          by: "@mod:example.org",
          at: 1_700_000_000_000,
        },
      ],
      [
        "matrix.org",
        {
          entity: "matrix.org",
          reason: "",
          by: "@mod:example.org",
          at: 1_700_000_000_001,
          expiresAt: 1_700_086_400_000,
        },
      ],
    ]),
    defaultList: "!list-b:example.org",
    excluded: new Set(["!list-c:example.org", "!noise:example.org"]),
    keptBansOf: new Set(["!list-c:example.org"]),
    accepted: new Map([
      ["$rule1:example.org", 1_700_000_000_002],
      ["!lobby:example.org", 1_700_000_000_002],
    ]),
    rejected: new Map([
      ["$rule2", { by: "@mod:example.org", at: 1_700_000_000_003 }],
      ["$rule3", { at: 1_700_000_000_004 }],
    ]),
    protections: new Map([
      ["flood", { enabled: true, messages: 10, action: ["warn", "mute"] }],
      ["flood !hall:example.org", { enabled: false, window: "1m" }],
    ]),
    understood: new Set(["mjolnir", "draupnir"]),
    rules: new Map([
      [
        "links",
        {
          versions: [{ number: 1, text: "when: links", by: "@mod:example.org", at: 1_700_000_000_008 }],
          inForce: 1,
        },
      ],
    ]),
    ruleLists: new Map([["slurs", { kind: "words", entries: ["rude"] }]]),
    previews: new Map([["!seen:example.org", { command: "$preview", at: 1_700_000_000_005 }]]),
    stopping: {
      stop: { by: "@mod:example.org", at: 1_700_000_000_006, until: 1_700_000_000_007 },
      dropped: [{ event: "$kick", by: "@mod:example.org", text: "kick @a:x" }],
    },
  });
});

test("what was read is written again byte for byte", () => {
  expect(rewritten(json(written))).toBe(json(written));
});

describe("settings of an earlier version", () => {
  test("without the newer fields have nothing in them", () => {
    const { stopping: _, ...withoutStop } = written;
    const { spacesWithin: __, protections: ___, understood: ____, previews: _____, ...earlier } = withoutStop;

    const settings = read(json(earlier));

    expect(settings.spacesWithin).toEqual(new Map());
    expect(settings.protections).toEqual(new Map());
    expect(settings.understood).toEqual(new Set());
    expect(settings.previews).toEqual(new Map());
    expect(rewritten(json(earlier))).toBe(
      json({
        ...withoutStop,
        spacesWithin: `"spacesWithin":[]`,
        protections: `"protections":[]`,
        understood: `"understood":[]`,
        previews: `"previews":[]`,
      }),
    );
  });

  test("without a management room and a default list stay without them", () => {
    const { managementRoom: _, defaultList: __, ...earlier } = written;

    expect(read(json(earlier))).toMatchObject({ managementRoom: undefined, defaultList: undefined });
    expect(rewritten(json(earlier))).toBe(json(earlier));
  });
});

test("a field that only a later version knows is kept for it", () => {
  const later = json({ ...written, later: `"later":{"some":["thing"]}` });

  expect(rewritten(later)).toBe(later);
});

test("what holds a room or space is read again, and an earlier version reads the one thing that keeps it longest", () => {
  const changes = [
    { kind: "follow-space", room: "!a:x", via: [] },
    { kind: "follow-space", room: "!b:x", via: [], through: "!a:x" },
    { kind: "hold", room: "!b:x", by: "hand" },
    { kind: "protect", room: { room: "!1:x", via: [], space: "!a:x" } },
    { kind: "hold", room: "!1:x", by: "!b:x" },
    { kind: "protect", room: { room: "!2:x", via: [], space: "!b:x" } },
    { kind: "hold", room: "!2:x", by: "hand" },
    { kind: "protect-joined", on: true },
    { kind: "protect", room: { room: "!3:x", via: [], space: undefined, heldBy: ["joined"] } },
  ] as const;
  const settings = changes.reduce<Settings>(
    (before, change) => changeSettings(before, change as never, { answersRemembered: 1 }),
    noSettings,
  );

  const stored = settingsToJson(settings);

  expect(settingsFromJson(stored)).toEqual(settings);
  expect(JSON.parse(stored)).toMatchObject({
    rooms: [
      { room: "!1:x", via: [], space: "!a:x", heldBy: ["!a:x", "!b:x"] },
      { room: "!2:x", via: [], heldBy: ["hand", "!b:x"] },
      { room: "!3:x", via: [], heldBy: ["joined"] },
    ],
    spacesWithin: [["!b:x", ["hand", "!a:x"]]],
    protectsJoined: true,
  });
});

function read(stored: string): Settings {
  const snapshot = new Snapshot(openDatabase(":memory:"));
  snapshot.keep("settings", stored);
  return settingsOf(snapshot);
}

function rewritten(stored: string): string | undefined {
  const snapshot = new Snapshot(openDatabase(":memory:"));
  snapshot.keep("settings", stored);
  snapshot.write([{ kind: "settings", settings: settingsOf(snapshot) }]);
  return snapshot.kept("settings");
}

function settingsOf(snapshot: Snapshot): Settings {
  const [row] = snapshot.read();
  if (row?.kind !== "settings") throw new Error("no settings were stored");
  return row.settings;
}
