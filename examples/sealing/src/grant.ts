// Grants: a content key wrapped to one sealing key, under terms, signed by the giver.

import { ed25519 } from "@noble/curves/ed25519.js";
import { AEAD_ChaCha20Poly1305, KDF_HKDF_SHA256, KEM_MLKEM768_X25519 } from "@panva/hpke-noble";
import { CipherSuite } from "hpke";
import protobuf from "protobufjs";
import { keyID } from "./blob.js";
import { type Bytes, concat, equal, sha256, text, uint } from "./bytes.js";

export const suite = new CipherSuite(KEM_MLKEM768_X25519, KDF_HKDF_SHA256, AEAD_ChaCha20Poly1305);
const encapsulated = 1120;
const purpose = text("stafett grant v1\0");

export interface Grant {
  terms: Uint8Array;
  wrapped: Uint8Array;
  signature: Uint8Array;
}

// Messages reads and writes the messages of stafett/seal/v1/seal.proto.
export class Messages {
  private constructor(private readonly root: protobuf.Root) {}

  static async load(protos: string): Promise<Messages> {
    const root = new protobuf.Root();
    const own = new URL("../node_modules/protobufjs/", import.meta.url).pathname;
    root.resolvePath = (_, target) => {
      if (target.startsWith("google/protobuf/")) return own + target;
      return target.startsWith("stafett/") ? `${protos}/${target}` : `${protos}/third_party/${target}`;
    };
    return new Messages(await root.load("stafett/seal/v1/seal.proto", { keepCase: true }));
  }

  encode(name: string, fields: object): Bytes {
    const type = this.root.lookupType(`stafett.seal.v1.${name}`);
    return new Uint8Array(type.encode(type.fromObject(fields)).finish());
  }

  decode(name: string, bytes: Uint8Array): Record<string, unknown> {
    const type = this.root.lookupType(`stafett.seal.v1.${name}`);
    return type.toObject(type.decode(bytes), { bytes: Uint8Array, longs: Number, enums: Number, defaults: true });
  }
}

// wrap gives a content key to a sealing key. The terms are complete, and serialized once.
export async function wrap(key: Bytes, to: Uint8Array, terms: Bytes, signing: Uint8Array): Promise<Grant> {
  const receiver = await suite.DeserializePublicKey(to);
  const { encapsulatedSecret, ciphertext } = await suite.Seal(receiver, key, { info: concat(purpose, terms) });
  const wrapped = concat(encapsulatedSecret, ciphertext);
  return { terms, wrapped, signature: ed25519.sign(signed(terms, wrapped), signing) };
}

// unwrap opens a grant. It compares the terms with those that the log demands, all of them.
export async function unwrap(messages: Messages, grant: Grant, want: object, giver: Uint8Array, seed: Uint8Array): Promise<Bytes> {
  if (!ed25519.verify(grant.signature, signed(grant.terms, grant.wrapped), giver)) throw new Error("the giver did not sign the grant");
  const terms = messages.decode("GrantTerms", grant.terms);
  const complete = { ...want, receiver_key: terms.receiver_key, content_key: terms.content_key };
  if (!equal(messages.encode("GrantTerms", complete), messages.encode("GrantTerms", terms))) throw new Error("the grant has other terms than the log");
  const receiver = await suite.DeserializePrivateKey(seed, true);
  const enc = grant.wrapped.slice(0, encapsulated);
  const key = new Uint8Array(await suite.Open(receiver, enc, grant.wrapped.slice(encapsulated), { info: concat(purpose, grant.terms) }));
  if (!equal(await keyID(key), terms.content_key as Uint8Array)) throw new Error("the grant has another key than it says");
  return key;
}

const signed = (terms: Uint8Array, wrapped: Uint8Array): Bytes => concat(purpose, uint(terms.length, 4), terms, wrapped);

// statement is what a line publishes about a public key.
export async function statement(messages: Messages, key: object, signing: Uint8Array, by?: Bytes) {
  const bytes = messages.encode("LineKey", key);
  const id = await sha256(bytes);
  const signature = ed25519.sign(concat(text("stafett line key v1\0"), bytes), signing);
  return { id, bytes: messages.encode("SignedKey", { key: bytes, signed_by: by ?? id, signature }) };
}
