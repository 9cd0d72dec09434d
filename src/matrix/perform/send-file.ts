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
  const { slowWrites: client, sealing, decision } = context;
  const file = context.fileOf(action);
  if (!file) throw new MatrixFault(404, "NO_LIST", "the list is gone");
  const bytes = Buffer.from(file.text);
  const sealed = await sealing.sealFile(action.room, bytes);
  // The homeserver learns neither what kind of file it is nor its name.
  const url = asString(
    await (sealed
      ? client.uploadContent(Buffer.from(sealed.bytes), "application/octet-stream")
      : client.uploadContent(bytes, file.type, file.name)),
  );
  if (url === undefined) throw new MatrixFault(502, "NO_URI", "the homeserver did not say where the file is");
  const content = fileContent(file, sealed ? { file: { ...sealed.info, url } } : { url });
  const message = { room: action.room, type: "m.room.message", content, transactionId: decision.id } as const;
  return sendMessage({ client, sealing }, message);
}
