import { expect, test } from "@jest/globals";
import { RecentSubjects } from "../../../src/management-room/hearing/recent-subjects.ts";
import type { RoomEvent } from "../../../src/model/event.ts";
import { event, me, user } from "../../support/make.ts";

function message(
  id: string,
  body: string,
  { by = "@mod:example.org", edits }: { by?: string; edits?: string } = {},
): RoomEvent {
  return {
    type: "m.room.message",
    sender: user(by),
    eventId: event(id),
    content: {
      msgtype: "m.text",
      body,
      ...(edits
        ? { "m.new_content": { body }, "m.relates_to": { rel_type: "m.replace", event_id: edits } }
        : {}),
    },
    sentAt: 0,
  };
}

test("whom a message names is known by its id", () => {
  const subjects = new RecentSubjects(me, 10);
  subjects.note(message("$1", "@rude:x is rude"));

  expect(subjects.get(event("$1"))?.who).toEqual(["@rude:x"]);
});

test("a message that names nobody, or is none, is not kept", () => {
  const subjects = new RecentSubjects(me, 10);
  subjects.note(message("$1", "hello"));
  subjects.note({ ...message("$2", "@rude:x"), type: "m.sticker" });

  expect([subjects.get(event("$1")), subjects.get(event("$2"))]).toEqual([undefined, undefined]);
});

test("an edit of ours counts for the message that it edits; one of somebody else does not", () => {
  const subjects = new RecentSubjects(me, 10);
  subjects.note(message("$1", "@one:x", { by: me }));
  subjects.note(message("$2", "@two:x", { by: me, edits: "$1" }));
  subjects.note(message("$3", "@three:x", { edits: "$1" }));

  expect(subjects.get(event("$1"))?.who).toEqual(["@two:x"]);
  expect(subjects.get(event("$2"))).toBeUndefined();
});

test("of too many the oldest is forgotten; an edit makes a message new", () => {
  const subjects = new RecentSubjects(me, 2);
  subjects.note(message("$1", "@one:x", { by: me }));
  subjects.note(message("$2", "@two:x"));
  subjects.note(message("$3", "@one:x @more:x", { by: me, edits: "$1" }));
  subjects.note(message("$4", "@four:x"));

  expect(subjects.get(event("$1"))?.who).toEqual(["@one:x", "@more:x"]);
  expect(subjects.get(event("$2"))).toBeUndefined();
});
