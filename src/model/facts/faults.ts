/**
 * What of an event's content is not what the specification says, for the common types. Only what it forbids is a fault:
 * unknown types, further fields and missing optional ones are none, nor is a null where a field may be missing, nor an
 * event without content, as a redaction leaves it.
 */
import { isObject, type JsonObject } from "../../kit/json.ts";

/** How many faults there are in a value. */
type Judge = (value: unknown) => number;

interface Shape {
  /** Fields that have to be there. */
  readonly needs?: Readonly<Record<string, Judge>>;
  /** Fields that are like this where they are there. */
  readonly may?: Readonly<Record<string, Judge>>;
}

const fits =
  (isRight: (value: unknown) => boolean): Judge =>
  (value) =>
    isRight(value) ? 0 : 1;

const string = fits((value) => typeof value === "string");
const number = fits((value) => typeof value === "number");
const yesNo = fits((value) => typeof value === "boolean");
const strings = fits((value) => Array.isArray(value) && value.every((one) => typeof one === "string"));
const anObject = fits(isObject);
/** Megolm has a text, Olm an object. */
const ciphertext = fits((value) => typeof value === "string" || isObject(value));
const like = (shape: Shape): Judge => {
  const judge = judging(shape);
  return (value) => (isObject(value) ? judge(value) : 1);
};

type JudgeContent = (content: JsonObject) => number;

function judging({ needs = {}, may = {} }: Shape): JudgeContent {
  const needed = Object.entries(needs);
  const known = Object.entries(may);
  return (content) => {
    let faults = 0;
    for (const [field, judge] of needed) faults += judge(content[field]);
    for (const [field, judge] of known) if (present(content, field) > 0) faults += judge(content[field]);
    return faults;
  };
}

function present(content: JsonObject, field: string): number {
  return content[field] === undefined || content[field] === null ? 0 : 1;
}

const relation: Judge = like({
  may: {
    rel_type: string,
    event_id: string,
    key: string,
    is_falling_back: yesNo,
    "m.in_reply_to": like({ needs: { event_id: string } }),
  },
});

const related = {
  "m.relates_to": relation,
  "m.mentions": like({ may: { user_ids: strings, room: yesNo } }),
};

const encryptedFile = like({ needs: { url: string, key: anObject, iv: string, hashes: anObject } });
const sizes = { mimetype: string, size: number, w: number, h: number };
const info = like({
  may: {
    ...sizes,
    duration: number,
    thumbnail_url: string,
    thumbnail_file: encryptedFile,
    thumbnail_info: like({ may: sizes }),
  },
});

const body = { body: string, msgtype: string };
const formatted = { format: string, formatted_body: string };
const text = judging({ needs: body, may: formatted });
const file = judging({
  needs: body,
  may: { ...formatted, url: string, file: encryptedFile, filename: string, info },
});
const judgeRelated = judging({ may: related });

const byMsgtype: ReadonlyMap<unknown, JudgeContent> = new Map([
  ["m.image", file],
  ["m.video", file],
  ["m.audio", file],
  ["m.file", file],
  ["m.location", judging({ needs: { ...body, geo_uri: string }, may: formatted })],
]);

const shapes: readonly (readonly [type: string, Shape])[] = [
  ["m.sticker", { needs: { body: string }, may: { url: string, file: encryptedFile, info, ...related } }],
  [
    "m.reaction",
    { needs: { "m.relates_to": like({ needs: { rel_type: string, event_id: string, key: string } }) } },
  ],
  ["m.room.encrypted", { needs: { algorithm: string, ciphertext }, may: related }],
  ["m.room.redaction", { may: { redacts: string, reason: string } }],
  [
    "m.room.member",
    {
      needs: { membership: string },
      may: {
        displayname: string,
        avatar_url: string,
        reason: string,
        is_direct: yesNo,
        third_party_invite: anObject,
        join_authorised_via_users_server: string,
      },
    },
  ],
  ["m.room.name", { needs: { name: string } }],
  ["m.room.topic", { needs: { topic: string } }],
  ["m.room.avatar", { may: { url: string, info } }],
  ["m.room.pinned_events", { needs: { pinned: strings } }],
  ["m.room.canonical_alias", { may: { alias: string, alt_aliases: strings } }],
  ["m.room.join_rules", { needs: { join_rule: string } }],
  ["m.room.tombstone", { needs: { body: string, replacement_room: string } }],
];
const byType: ReadonlyMap<string, JudgeContent> = new Map(
  shapes.map(([type, shape]) => [type, judging(shape)] as const),
);

export function faultsOf(type: string, content: JsonObject): number {
  if (Object.keys(content).length === 0) return 0;
  if (type === "m.room.message") return faultsOfMessage(content);
  return byType.get(type)?.(content) ?? 0;
}

function faultsOfMessage(content: JsonObject): number {
  const faults = faultsOfBody(content) + judgeRelated(content);
  const { "m.relates_to": relates, "m.new_content": edited } = content;
  if (!isObject(relates) || relates["rel_type"] !== "m.replace") return faults;
  return faults + (isObject(edited) ? faultsOfBody(edited) + judgeRelated(edited) : 1);
}

function faultsOfBody(content: JsonObject): number {
  const judge = byMsgtype.get(content["msgtype"]) ?? text;
  const lacksFormat = present(content, "formatted_body") > present(content, "format") ? 1 : 0;
  const lacksFile = judge === file && present(content, "url") + present(content, "file") === 0 ? 1 : 0;
  return judge(content) + lacksFormat + lacksFile;
}
