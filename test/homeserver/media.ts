/** Uploads, of text alone. */
import { type Call, requireGoodStanding } from "./call.ts";
import { badRequest } from "./matrix-error.ts";

export async function upload(call: Call): Promise<unknown> {
  requireGoodStanding(call);
  await call.load.read();
  if (typeof call.payload !== "string") throw badRequest("Not an upload", "M_BAD_JSON");
  const uri = `mxc://${call.world.serverName}/${call.query["filename"] ?? "file"}-${call.world.media.size}`;
  call.world.media.set(uri, {
    user: call.user.id,
    isSafe: false,
    quarantinedBy: undefined,
    text: call.payload,
  });
  return { content_uri: uri };
}
