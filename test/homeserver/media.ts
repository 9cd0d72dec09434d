/** Uploads and downloads of text, in its bytes. */
import { type Call, parameter, requireGoodStanding } from "./call.ts";
import { badRequest, notFound } from "./matrix-error.ts";

export async function upload(call: Call): Promise<unknown> {
  requireGoodStanding(call);
  await call.load.read();
  const text = textOf(call.payload);
  if (text === undefined) throw badRequest("Not an upload", "M_BAD_JSON");
  const uri = `mxc://${call.world.serverName}/${call.query["filename"] ?? "file"}-${call.world.media.size}`;
  call.world.media.set(uri, {
    user: call.user.id,
    isSafe: false,
    quarantinedBy: undefined,
    text,
  });
  return { content_uri: uri };
}

export async function download(call: Call): Promise<unknown> {
  await call.load.read();
  const media = call.world.media.get(`mxc://${parameter(call, "server")}/${parameter(call, "media")}`);
  if (media?.text === undefined) throw notFound("Unknown media");
  return Buffer.from(media.text, "utf8");
}

function textOf(payload: unknown): string | undefined {
  if (typeof payload === "string") return payload;
  return payload instanceof Uint8Array ? Buffer.from(payload).toString("utf8") : undefined;
}
