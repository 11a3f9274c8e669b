// The line that hands over: its door, its counsellor Mina, and the child's own leg, which
// stays with this system also after custody has moved.
'use strict';
const crypto = require('node:crypto');
const { connect, send, watch } = require('./stafett');
const { Keys } = require('./seal');

const scopes = ['SCOPE_INTRO', 'SCOPE_ONE_LINE', 'SCOPE_FEEDBACK_OUTCOME'];

class Sender {
  constructor(data, line, tell) {
    Object.assign(this, connect(data, line), { tell, waiting: [], seen: new Set() });
    this.keys = new Keys(this);
  }

  // happened waits until the conversation has an event, such as receiver_joined.
  happened(event) {
    return this.seen.has(event) ? undefined : new Promise((done) => { this.waiting.push({ event, done }); });
  }

  // follow reads the conversation: what happened, and what the receiver writes to the child.
  follow() {
    return watch(this.intake, 'WatchConversation', { name: this.conversation }, async (response) => {
      for (const { audience, text } of await this.keys.read(response)) {
        if (audience === 'AUDIENCE_ALL') this.tell('in the child\'s window', text); // the rest is between the counsellors
      }
      if (response.status?.text) this.tell('the child is told', response.status.text);
      for (const event of response.events) {
        this.note(event.kind);
        if (event.message_sent) this.note(`${event.message_sent.participant} wrote`);
      }
    });
  }

  note(what) {
    this.seen.add(what);
    this.waiting.filter((w) => w.event === what).forEach((w) => w.done());
  }

  async open() {
    const opened = await send(this.intake, 'OpenConversation', { channel: 'CHANNEL_CHAT', language_code: 'nb', age_band: { min_years: 13, max_years: 15 }, child: 'lerke' });
    this.conversation = opened.recorded.name;
    this.followed = this.follow();
    const { conversation } = this;
    await send(this.intake, 'JoinConversation', { conversation, participant: 'mina', role: 'ROLE_COUNSELLOR' });
    await send(this.triage, 'TagConversation', { conversation, add: ['V.physical'] });
    await send(this.triage, 'AssessRisk', { conversation, level: 'RISK_LEVEL_R1' });
  }

  // ask proposes the handover to the lines in their order, and asks the child first.
  async ask(candidates) {
    const proposed = await send(this.routing, 'ProposeHandover', { conversation: this.conversation, candidates });
    this.handover = proposed.recorded.name;
    this.keys.saw(proposed.recorded.position);
    const { handover } = this;
    await send(this.intake, 'AskConsent', { handover, scopes });
    await send(this.intake, 'SealPacket', { handover, part: 'SCOPE_ONE_LINE', sealed: await this.keys.sealPart(handover, 'SCOPE_ONE_LINE', 'Is hit at home, and is safe tonight.') });
    await send(this.intake, 'GiveConsent', { handover, scopes });
  }

  async say(participant, text, audience = 'AUDIENCE_ALL') {
    const id = crypto.randomUUID();
    return send(this.intake, 'SendMessage', { request_id: id, conversation: this.conversation, participant, audience, sealed: await this.keys.seal(id, text) });
  }

  // handOver introduces the receiver, and leaves last.
  async handOver() {
    const { handover } = this;
    await this.happened('offer_accepted');
    await this.keys.grant(handover, scopes);
    await this.happened('receiver_joined');
    await send(this.routing, 'StartBriefing', { handover });
    await this.say('mina', 'She would rather write than phone.', 'AUDIENCE_COUNSELLORS');
    await send(this.routing, 'OpenBridge', { handover, participant: 'mina' });
    await this.say('mina', 'Aksel is here with us now. I am still here.');
    await this.happened('receiver_confirmed');
    await send(this.intake, 'AgreeToHandover', { handover });
    await this.happened('custody_transferred');
    await send(this.routing, 'LeaveHandover', { handover });
  }

  // relay carries the child's words for as long as its window is ours.
  async relay() {
    await this.happened('aksel wrote');
    await this.say('lerke', 'Yes, let us make a plan for tomorrow.');
    await this.happened('outcome_reported');
    await this.followed; // ends when the receiver closes the conversation
  }

  async run(candidates) {
    await this.keys.publish();
    await this.open();
    await this.ask(candidates);
    await this.handOver();
    await this.relay();
    this.close();
  }
}

module.exports = { Sender };
