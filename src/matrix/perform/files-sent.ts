/** The files that a person, or the people of a server, sent to rooms in a time, by the past of the rooms. */
import { serverOf, type MediaUri, type RoomId, type ServerName, type UserId } from "../../model/ids.ts";
import type { JsonObject } from "../../kit/json.ts";
import { openedWhere } from "../crypto/sealing.ts";
import { MatrixFault } from "../http/errors.ts";
import { decodeSingleEvent } from "../sync/decode-timeline.ts";
import type { ActContext } from "./act-context.ts";
import { pagesOf } from "./reads.ts";

/** Files of one command: each costs two requests. */
const mostFiles = 300;

interface Sought {
  readonly by: UserId | ServerName;
  readonly rooms: readonly RoomId[];
  readonly since: number;
}

type Files = Map<MediaUri, UserId>;

/** By file who sent it, newest first in each room. A room that cannot be read is passed over. `isCut`: there are more. */
export async function filesSentBy(
  sought: Sought,
  context: ActContext,
  filesIn: (content: JsonObject) => Iterable<MediaUri>,
): Promise<{ readonly files: ReadonlyMap<MediaUri, UserId>; readonly isCut: boolean }> {
  const files: Files = new Map();
  for (const room of sought.rooms) {
    if (context.signal.aborted || files.size >= mostFiles) break;
    try {
      await collect(files, { room, sought, context, filesIn });
    } catch (fault) {
      if (!(fault instanceof MatrixFault) || fault.isPassing || fault.isUnknownToken) throw fault;
    }
  }
  return { files: new Map([...files].slice(0, mostFiles)), isCut: files.size >= mostFiles };
}

async function collect(
  files: Files,
  {
    room,
    sought: { by, since },
    context,
    filesIn,
  }: {
    readonly room: RoomId;
    readonly sought: Sought;
    readonly context: ActContext;
    readonly filesIn: (content: JsonObject) => Iterable<MediaUri>;
  },
): Promise<void> {
  const filter = by.startsWith("@") ? { senders: [by] } : {};
  const query = { dir: "b", filter: JSON.stringify(filter) };
  for await (const page of pagesOf({ room, query, maxPages: context.limits.maxSearchPages }, context)) {
    let isRecent = page.length === 0;
    for (const one of page) {
      const { raw } = await openedWhere(context.sealing, room, one);
      const event = decodeSingleEvent(room, raw);
      // The times are the sender's word: only a page without any that is recent enough ends the search.
      if (!event || event.sentAt < since) continue;
      isRecent = true;
      if (!isBy(event.sender, by)) continue;
      for (const uri of filesIn(event.content)) files.set(uri, event.sender);
    }
    if (!isRecent || files.size >= mostFiles) return;
  }
}

function isBy(sender: UserId, by: UserId | ServerName): boolean {
  return sender === by || (!by.startsWith("@") && serverOf(sender) === by);
}
