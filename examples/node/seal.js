// What a line's system does with keys, after docs/sealing.md, with the modules of examples/sealing, which
// are built first. The signing key is beside the certificate; a sealing key is made for each run.
'use strict';
const crypto = require('node:crypto');
const fs = require('node:fs');
const { ask, protos, send } = require('./stafett');

const modules = Promise.all(['blob', 'grant', 'keys'].map((name) => import(`../sealing/dist/${name}.js`)));
const packetPart = 1; // stafett.seal.v1.Kind
const bridge = 2;
const tenure = 3;
const numbers = { SCOPE_CODES: 2, SCOPE_ONE_LINE: 3, SCOPE_SUMMARY: 4, SCOPE_TRANSCRIPT: 5 };
const base64 = (bytes) => Buffer.from(bytes).toString('base64');
const bytesOf = (buffer) => new Uint8Array(buffer);
const same = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)) === 0;

class Keys {
  constructor(system) {
    Object.assign(this, { system, line: system.line, domain: system.domain, held: [], unread: [], position: '0' });
  }

  async publish() {
    [this.blobs, this.grants, this.keys] = await modules;
    this.messages = await this.grants.Messages.load(protos);
    const before = await this.list(this.line);
    this.signing = await this.signingKey(before);
    this.sealing = await this.keys.make(this.messages, this.domain, this.line, this.keys.sealing, this.signing);
    for (const key of before.filter((k) => k.revocation === 'KEY_REVOCATION_UNSPECIFIED')) await this.drop(key, false);
    await this.state(this.signing, before);
    await this.state(this.sealing, before);
    for (const key of before) await this.drop(key, true);
  }

  // signingKey is made once and kept, until somebody revokes it.
  async signingKey(published) {
    const kept = this.storedKey();
    const revoked = published.find((k) => k.revocation !== 'KEY_REVOCATION_UNSPECIFIED' && kept && same(k.id, kept.id));
    if (!kept || revoked) {
      const made = await this.keys.make(this.messages, this.domain, this.line, this.keys.signing);
      fs.writeFileSync(this.system.file('example-key.json'), JSON.stringify({ seed: base64(made.seed), id: base64(made.id), statement: base64(made.statement) }), { mode: 0o600 });
    }
    return this.storedKey();
  }

  storedKey() {
    const file = this.system.file('example-key.json');
    if (!fs.existsSync(file)) return undefined;
    return Object.fromEntries(Object.entries(JSON.parse(fs.readFileSync(file))).map(([name, value]) => [name, bytesOf(Buffer.from(value, 'base64'))]));
  }

  // drop revokes a key that is not this program's, or retires one that was replaced.
  async drop(key, replaced) {
    const ours = same(key.key.signed_by, this.signing.id);
    const line = `lines/${this.line}`;
    if (!ours && !replaced) await send(this.system.keyService, 'RevokeLineKey', { line, key: key.id, reason: 'KEY_REVOCATION_LOST' });
    if (ours && replaced && !key.retired && !same(key.id, this.signing.id)) await send(this.system.keyService, 'RetireLineKey', { line, key: key.id });
  }

  async state(key, before) {
    if (before.some((known) => same(known.id, key.id))) return;
    const statement = this.messages.decode('SignedKey', key.statement);
    await send(this.system.keyService, 'PublishLineKey', { line: `lines/${this.line}`, key: statement });
  }

  async list(line) {
    return (await ask(this.system.keyService, 'ListLineKeys', { parent: `lines/${line}`, page_size: 500, min_position: this.position })).keys;
  }

  // keyOf is the newest key of a line for a use, verified by the line's own signing key.
  async keyOf(line, use) {
    let signing;
    let found;
    for (const published of (await this.list(line)).filter((k) => !k.retired && k.revocation === 'KEY_REVOCATION_UNSPECIFIED')) {
      const key = await this.keys.verify(this.messages, published.key, this.domain, line, signing);
      if (key?.use === this.keys.signing) signing = key;
      if (key?.use === use) found = key;
    }
    if (!found) throw new Error(`${line} has published no key`);
    return found;
  }

  saw(position) { if (BigInt(position) > BigInt(this.position)) this.position = position; }

  // look reads what the log says of a handover now.
  async look(handover) {
    const c = await ask(this.system.intake, 'GetConversation', { name: handover.split('/handovers/')[0], min_position: this.position });
    const h = c.handovers.find((one) => one.name === handover);
    return { c, h, offer: h.offers.find((o) => o.state === 'OFFER_STATE_ACCEPTED')?.name };
  }

  place(handover, epoch, kind, item = '') {
    return { domain: this.domain, conversation: handover.split('/handovers/')[0], handover, epoch, kind, item };
  }

  hold(key, place, part = '') {
    const made = { key, place, part };
    this.held.push(made);
    return made;
  }

  async sealPart(handover, part, text) {
    const { h } = await this.look(handover);
    const { key, place } = this.hold(bytesOf(crypto.randomBytes(32)), this.place(handover, h.epoch, packetPart, part.replace('SCOPE_', '')), part);
    return Buffer.from(await this.blobs.seal(key, place, new TextEncoder().encode(text)));
  }

  // terms are what the log demands of a grant.
  terms(seen, place, part, giver, giverKey, receiver) {
    return {
      domain: this.domain, conversation: place.conversation, epoch: place.epoch, handover: seen.h.name, offer: seen.offer,
      consent_position: Number(seen.h.consent.position), giver, giver_key: giverKey, receiver, kind: place.kind, part: numbers[part] ?? 0,
    };
  }

  // grant gives the receiver the keys of what was agreed to, and the bridge's.
  async grant(handover, agreed) {
    const seen = await this.look(handover);
    if (!seen.h.consent.given.every((scope) => agreed.includes(scope))) throw new Error('the platform shows a yes that the child did not say');
    const newest = (part) => this.held.findLast((k) => k.place.kind === packetPart && k.place.handover === handover && k.part === part);
    const owed = seen.h.consent.given.map(newest).filter((key) => key);
    await this.give(seen, [...owed, this.hold(bytesOf(crypto.randomBytes(32)), this.place(handover, seen.h.epoch, bridge))], seen.h.to_line);
  }

  // grantTenure gives the key of this line's epoch to the line with the child's window.
  async grantTenure(handover) {
    const seen = await this.look(handover);
    await this.give(seen, [this.hold(bytesOf(crypto.randomBytes(32)), this.place(handover, seen.c.custody.epoch, tenure))], seen.c.leg_line);
  }

  async give(seen, owed, receiver) {
    const line = receiver.replace('lines/', '');
    const to = await this.keyOf(line, this.keys.sealing);
    const grants = await Promise.all(owed.map(async ({ key, place, part }) => {
      const terms = this.messages.encode('GrantTerms', {
        ...this.terms(seen, place, part, this.line, this.signing.id, line), receiver_key: to.id, content_key: await this.blobs.keyID(key),
      });
      return this.grants.wrap(key, to.publicKey, terms, this.signing.seed);
    }));
    await send(this.system.intake, 'GrantAccess', { handover: seen.h.name, grants });
  }

  // take opens a grant that must be from a line, for a place.
  async take(seen, grant, place, part, from) {
    const giver = from.replace('lines/', '');
    const signing = await this.keyOf(giver, this.keys.signing);
    const plain = { terms: bytesOf(grant.terms), wrapped: bytesOf(grant.wrapped), signature: bytesOf(grant.signature) };
    const want = this.terms(seen, place, part, giver, signing.id, this.line);
    return this.hold(await this.grants.unwrap(this.messages, plain, want, signing.publicKey, this.sealing.seed), place, part);
  }

  // openPart is the text of a part of a packet, or undefined while its key has not been granted.
  async openPart(handover, { part, sealed, grant }) {
    if (!grant) return undefined;
    const seen = await this.look(handover);
    const { key, place } = await this.take(seen, grant, this.place(handover, seen.h.epoch, packetPart, part.replace('SCOPE_', '')), part, seen.h.from_line);
    return new TextDecoder().decode(await this.blobs.open(key, place, bytesOf(sealed)));
  }

  // learn takes the keys that come with a watch: of a bridge, or of a tenure.
  async learn(response) {
    this.saw(response.position);
    for (const grant of response.grants) {
      const named = this.messages.decode('GrantTerms', bytesOf(grant.terms));
      const known = await Promise.all(this.held.map(({ key }) => this.blobs.keyID(key)));
      if (known.some((id) => same(id, named.content_key))) continue;
      const seen = await this.look(named.handover);
      const takes = seen.h.to_line === `lines/${this.line}`;
      const epoch = named.kind === bridge && takes ? seen.h.epoch : seen.h.epoch + 1;
      await this.take(seen, grant, this.place(named.handover, epoch, named.kind), '', takes ? seen.h.from_line : seen.h.to_line);
    }
  }

  // seal seals words under the newest key that both lines have. Its item is the id of the request.
  async seal(item, text) {
    const { key, place } = this.held.findLast((k) => k.place.kind !== packetPart);
    return Buffer.from(await this.blobs.seal(key, { ...place, item }, new TextEncoder().encode(text)));
  }

  // read takes what a watch sends, and returns what can be read by now. A message whose key comes later is
  // returned then.
  async read(response) {
    await this.learn(response);
    for (const message of response.messages) {
      const { message_sent: sent } = response.events.find((e) => e.message_sent?.message === message.message);
      this.unread.push({ ...message, participant: sent.participant, audience: sent.audience });
    }
    const texts = await Promise.all(this.unread.map((message) => this.open(message)));
    const words = this.unread.map((message, i) => ({ ...message, text: texts[i] }));
    this.unread = words.filter(({ text }) => text === undefined);
    return words.filter(({ text }) => text !== undefined);
  }

  // open is the text of a message, or undefined while its key has not been granted.
  async open({ sealed, item }) {
    for (const { key, place } of this.held) {
      if (same(await this.blobs.keyID(key), sealed.subarray(1, 17))) return new TextDecoder().decode(await this.blobs.open(key, { ...place, item }, bytesOf(sealed)));
    }
    return undefined;
  }
}

module.exports = { Keys };
