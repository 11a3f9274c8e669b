// Cobblestone-256: C2SP's chunked encryption over SHA-512 and AES-256-GCM, on WebCrypto.

import { type Bytes, concat, equal, text, uint } from "./bytes.js";

const chunkSize = 16384;
const tagSize = 16;
const saltSize = 24;
const header = saltSize + 32;

export const size = (message: number): number => header + message + (Math.floor(message / chunkSize) + 1) * tagSize;

export async function seal(key: Bytes, context: Uint8Array, message: Uint8Array): Promise<Bytes> {
  const salt = crypto.getRandomValues(new Uint8Array(saltSize));
  const derived = await derive(key, salt, context);
  const parts: Uint8Array[] = [salt, derived.commitment];
  for (let number = 0; ; number++) {
    const chunk = message.slice(number * chunkSize, (number + 1) * chunkSize);
    parts.push(new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce(derived.base, number) }, derived.key, chunk)));
    if (chunk.length < chunkSize) return concat(...parts);
  }
}

export async function open(key: Bytes, context: Uint8Array, sealed: Uint8Array): Promise<Bytes> {
  if (sealed.length < header) throw new Error("it is too short to be sealed");
  const derived = await derive(key, sealed.slice(0, saltSize), context);
  if (!equal(derived.commitment, sealed.slice(saltSize, header))) throw new Error("it was sealed under another key or context");
  const parts: Uint8Array[] = [];
  for (let number = 0; ; number++) {
    const at = header + number * (chunkSize + tagSize);
    const chunk = sealed.slice(at, at + chunkSize + tagSize);
    parts.push(new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: nonce(derived.base, number) }, derived.key, chunk)));
    if (chunk.length < chunkSize + tagSize) return concat(...parts);
  }
}

// derive is HKDF-Expand with SHA-512: two blocks hold the 76 bytes.
async function derive(key: Bytes, salt: Uint8Array, context: Uint8Array) {
  const info = concat(text("c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0"), salt, context);
  const mac = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-512" }, false, ["sign"]);
  const first = new Uint8Array(await crypto.subtle.sign("HMAC", mac, concat(info, uint(1, 1))));
  const second = new Uint8Array(await crypto.subtle.sign("HMAC", mac, concat(first, info, uint(2, 1))));
  const all = concat(first, second);
  return {
    key: await crypto.subtle.importKey("raw", all.slice(0, 32), "AES-GCM", false, ["encrypt", "decrypt"]),
    base: all.slice(32, 44),
    commitment: all.slice(44, 76),
  };
}

// nonce is the base with the chunk's number XORed into its end.
function nonce(base: Uint8Array, number: number): Bytes {
  const counter = uint(number, base.length);
  return Uint8Array.from(base, (byte, i) => byte ^ counter[i]);
}
