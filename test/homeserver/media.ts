/** Uploads and downloads, byte by byte: what is encrypted is no text. */
import { type Call, parameter, requireGoodStanding } from "./call.ts";
import { badRequest, notFound } from "./matrix-error.ts";

export async function upload(call: Call): Promise<unknown> {
  requireGoodStanding(call);
  await call.load.read();
  const bytes = bytesOf(call.payload);
  if (bytes === undefined) throw badRequest("Not an upload", "M_BAD_JSON");
  const uri = `mxc://${call.world.serverName}/${call.query["filename"] ?? "file"}-${call.world.media.size}`;
  call.world.media.set(uri, {
    user: call.user.id,
    isSafe: false,
    quarantinedBy: undefined,
    bytes,
  });
  return { content_uri: uri };
}

export async function download(call: Call): Promise<unknown> {
  await call.load.read();
  const media = call.world.media.get(`mxc://${parameter(call, "server")}/${parameter(call, "media")}`);
  if (media?.bytes === undefined) throw notFound("Unknown media");
  return media.bytes;
}

function bytesOf(payload: unknown): Uint8Array | undefined {
  if (typeof payload === "string") return Buffer.from(payload, "utf8");
  return payload instanceof Uint8Array ? Buffer.from(payload) : undefined;
}
