// Blobs: a version, the id of the content key, and Cobblestone-256 over the padded text.

import { type Bytes, concat, equal, sha256, text, uint } from "./bytes.js";
import * as cobblestone from "./cobblestone.js";

export interface Place {
  domain: string;
  conversation: string;
  handover: string;
  epoch: number;
  kind: number;
  item: string;
}

const buckets = [256, 1024, 4096, 16384];

export const keyID = async (key: Uint8Array): Promise<Bytes> => (await sha256(text("stafett content key v1\0"), key)).slice(0, 16);

export async function seal(key: Bytes, at: Place, words: Uint8Array): Promise<Bytes> {
  const bucket = buckets.find((b) => words.length > 0 && words.length + 4 <= b);
  if (!bucket) throw new Error(`a text has 1 to ${buckets[3] - 4} bytes, not ${words.length}`);
  const padded = concat(uint(words.length, 4), words, new Uint8Array(bucket - 4 - words.length));
  return concat(uint(1, 1), await keyID(key), await cobblestone.seal(key, context(at), padded));
}

export async function open(key: Bytes, at: Place, blob: Uint8Array): Promise<Bytes> {
  if (blob[0] !== 1 || !buckets.some((b) => blob.length === 17 + cobblestone.size(b))) throw new Error("this is not a sealed blob");
  if (!equal(blob.slice(1, 17), await keyID(key))) throw new Error("it was sealed under another key");
  const padded = await cobblestone.open(key, context(at), blob.slice(17));
  const length = new DataView(padded.buffer).getUint32(0);
  if (length === 0 || length > padded.length - 4 || padded.slice(4 + length).some((byte) => byte !== 0)) throw new Error("its padding is wrong");
  return padded.slice(4, 4 + length);
}

function context(at: Place): Bytes {
  const fields = [at.domain, at.conversation, at.handover, at.item].map(text);
  const withLengths = fields.flatMap((field) => [uint(field.length, 2), field]);
  return concat(text("stafett blob v1\0"), ...withLengths, uint(at.epoch, 4), uint(at.kind, 4));
}
