/** What an answer of `/sync` says of encryption ("Extensions to /sync", in "End-to-end encryption" and "Send-to-Device"). */
import {
  asArray,
  asNumber,
  asObject,
  isObject,
  isSameJson,
  stringsOf,
  type JsonObject,
} from "../../kit/json.ts";
import type { SyncNews } from "./engine.ts";

/** Undefined where it says nothing: to ask the engine costs milliseconds and two writes to the disk. */
export function newsIn(answer: JsonObject, before: SyncNews | undefined): SyncNews | undefined {
  const lists = asObject(answer["device_lists"]) ?? {};
  const unused =
    answer["device_unused_fallback_key_types"] ??
    answer["org.matrix.msc2732.device_unused_fallback_key_types"];
  const news: SyncNews = {
    // What the engine cannot read at all it would refuse together with all the rest.
    toDevice: (asArray(asObject(answer["to_device"])?.["events"]) ?? []).filter(isObject),
    changed: stringsOf(lists["changed"]),
    left: stringsOf(lists["left"]),
    counts: countsIn(asObject(answer["device_one_time_keys_count"]) ?? {}),
    unusedFallback: Array.isArray(unused) ? stringsOf(unused) : undefined,
  };
  const isSilent = news.toDevice.length === 0 && news.changed.length === 0 && news.left.length === 0;
  const isSame =
    isSameJson(news.counts, before?.counts) && isSameJson(news.unusedFallback, before?.unusedFallback);
  return isSilent && isSame ? undefined : news;
}

function countsIn(counts: JsonObject): Record<string, number> {
  return Object.fromEntries(
    Object.entries(counts).flatMap(([algorithm, count]) => {
      const known = asNumber(count);
      return known !== undefined && Number.isSafeInteger(known) && known >= 0 ? [[algorithm, known]] : [];
    }),
  );
}
