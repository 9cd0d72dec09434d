/** Policy lists as files: uploaded, then shown as an attachment. */
import { asString } from "../../kit/json.ts";
import type { ActionOf } from "../../model/actions/action.ts";
import { MatrixFault } from "../http/errors.ts";
import type { ActContext } from "./act-context.ts";
import { fileContent } from "./message-content.ts";
import type { Done } from "./results.ts";
import { sendMessage } from "./send-message.ts";

/** Where the message fails after the upload, the next attempt uploads again, and the first copy is never shown. */
export async function sendFile(action: ActionOf<"send-file">, context: ActContext): Promise<Done> {
  const { slowWrites, decision } = context;
  const file = context.fileOf(action);
  if (!file) throw new MatrixFault(404, "NO_LIST", "the list is gone");
  const url = asString(await slowWrites.uploadContent(Buffer.from(file.text), file.type, file.name));
  if (url === undefined) throw new MatrixFault(502, "NO_URI", "the homeserver did not say where the file is");
  return sendMessage(slowWrites, {
    room: action.room,
    type: "m.room.message",
    content: fileContent(file, url),
    transactionId: decision.id,
  });
}
