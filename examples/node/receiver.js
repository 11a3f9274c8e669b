// The line that takes over: it reports free seats, watches its offers, and answers the first.
'use strict';
const crypto = require('node:crypto');
const { connect, send, watch } = require('./stafett');
const { Keys } = require('./seal');

class Receiver {
  constructor(data, line, tell) {
    Object.assign(this, connect(data, line), { tell });
    this.keys = new Keys(this);
  }

  // staff reports seats now and once a minute: after two minutes the platform forgets them.
  async staff() {
    const report = () => new Promise((done, fail) => {
      this.directory.ReportCapacity({ seats: [{ channel: 'CHANNEL_CHAT', free: 2 }] }, { deadline: Date.now() + 10_000 }, (err) => (err ? fail(err) : done()));
    });
    await report();
    this.timer = setInterval(() => report().catch((err) => this.tell('seats were not reported', err.message)), 60_000);
  }

  // offer waits for an offer, and acknowledges it at once: after five seconds without that
  // the platform asks the next line.
  async offer() {
    let offer;
    await watch(this.routing, 'WatchOffers', {}, (response) => {
      if (response.offer.state === 'OFFER_STATE_SENT') offer ??= response;
    }, () => offer);
    const { name } = offer.offer;
    this.handover = name.split('/offers/')[0];
    this.conversation = name.split('/handovers/')[0];
    this.tell('asked by', `${offer.from_line}: ${offer.header.topic_groups.join(', ')}`);
    await send(this.routing, 'AcknowledgeOffer', { offer: name, state: 'OFFER_STATE_DELIVERED' });
    await send(this.routing, 'AcknowledgeOffer', { offer: name, state: 'OFFER_STATE_ALERTING' });
    await send(this.routing, 'AcceptOffer', { offer: name });
  }

  // meet reads the packet, joins, and confirms once all three are together.
  async meet() {
    const { handover } = this;
    await send(this.routing, 'JoinHandover', { handover, participant: 'aksel' });
    await this.until('access_granted'); // until then the packet says "not yet"
    const packet = await send(this.intake, 'OpenPacket', { handover });
    for (const part of packet.parts) this.tell('the packet says', await this.keys.openPart(handover, part));
    await this.until('bridge_opened');
    await send(this.routing, 'ConfirmHandover', { handover, participant: 'aksel' });
    await this.until('sender_left');
    await this.keys.grantTenure(handover);
  }

  // until reads the conversation up to an event.
  async until(event) {
    let happened = false;
    await watch(this.intake, 'WatchConversation', { name: this.conversation }, async (response) => {
      await this.keys.learn(response);
      happened ||= response.events.some((e) => e.kind === event);
    }, () => happened);
    if (!happened) throw new Error(`the conversation ended without ${event}`);
  }

  async goOn() {
    const { conversation, handover } = this;
    const id = crypto.randomUUID();
    const sealed = await this.keys.seal(id, 'Shall we make a plan for tomorrow?');
    await send(this.intake, 'SendMessage', { request_id: id, conversation, participant: 'aksel', audience: 'AUDIENCE_ALL', sealed });
    await this.heard('lerke');
    await send(this.routing, 'ReportOutcome', { handover, outcome: 'OUTCOME_SUPPORTED' });
    await send(this.intake, 'CloseConversation', { conversation, reason: 'CLOSE_REASON_FINISHED' });
  }

  // heard waits for a message of a participant.
  async heard(participant) {
    let said;
    await watch(this.intake, 'WatchConversation', { name: this.conversation }, async (response) => {
      const words = await this.keys.read(response);
      said ??= words.find((one) => one.participant === participant);
    }, () => said);
    this.tell(`${participant} writes`, said.text);
  }

  async run() {
    await this.keys.publish();
    await this.staff();
    try {
      await this.offer();
      await this.meet();
      await this.goOn();
    } finally {
      clearInterval(this.timer);
      this.close();
    }
  }
}

module.exports = { Receiver };
