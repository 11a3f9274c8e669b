// Keys of a line: made, stated, and verified by the line's own signing key.

import { ed25519 } from "@noble/curves/ed25519.js";
import { type Messages, suite } from "./grant.js";
import { type Bytes, concat, equal, sha256, text } from "./bytes.js";

const purpose = text("stafett line key v1\0");
const day = 86_400;

export const signing = 1; // KeyUse
export const sealing = 2;

export interface OwnKey {
  seed: Uint8Array;
  id: Bytes;
  statement: Bytes; // a SignedKey
}

export interface PublicKey {
  id: Bytes;
  use: number;
  publicKey: Uint8Array;
}

const pair: Record<number, () => Promise<{ seed: Uint8Array; publicKey: Uint8Array }>> = {
  [signing]: async () => {
    const seed = ed25519.utils.randomSecretKey();
    return { seed, publicKey: ed25519.getPublicKey(seed) };
  },
  [sealing]: async () => {
    const made = await suite.GenerateKeyPair(true);
    return { seed: await suite.SerializePrivateKey(made.privateKey), publicKey: await suite.SerializePublicKey(made.publicKey) };
  },
};

// make makes a key. A line's first signing key signs itself; every other one is signed by a signing key.
export async function make(messages: Messages, domain: string, line: string, use: number, by?: OwnKey): Promise<OwnKey> {
  const { seed, publicKey } = await pair[use]();
  const from = Math.floor(Date.now() / 1000) - 60; // clocks differ
  const lasts = use === signing ? 2 * 365 * day : 2 * day;
  const key = messages.encode("LineKey", {
    domain, line, use, public_key: publicKey, not_before: { seconds: from }, not_after: { seconds: from + lasts },
  });
  const id = await sha256(key);
  const signature = ed25519.sign(concat(purpose, key), by?.seed ?? seed);
  return { seed, id, statement: messages.encode("SignedKey", { key, signed_by: by?.id ?? id, signature }) };
}

// verify returns the key of a statement that the line's signing key signed, or that signs itself.
export async function verify(messages: Messages, statement: Record<string, unknown>, domain: string, line: string, by?: PublicKey): Promise<PublicKey | undefined> {
  const bytes = new Uint8Array(statement.key as Uint8Array);
  const key = messages.decode("LineKey", bytes) as { domain: string; line: string; use: number; public_key: Uint8Array };
  const own = { id: await sha256(bytes), use: key.use, publicKey: new Uint8Array(key.public_key) };
  const signer = by ?? own;
  const signed = signer.use === signing && equal(new Uint8Array(statement.signed_by as Uint8Array), signer.id) &&
    ed25519.verify(new Uint8Array(statement.signature as Uint8Array), concat(purpose, bytes), signer.publicKey);
  return signed && key.domain === domain && key.line === line ? own : undefined;
}
