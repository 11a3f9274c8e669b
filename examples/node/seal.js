// Seals and opens words with the modules of examples/sealing, which are built first.
'use strict';
const crypto = require('node:crypto');

const module_ = import('../sealing/dist/blob.js');
const key = new Uint8Array(crypto.randomBytes(32)); // of both lines, which play in one process here
const place = (conversation) => ({ domain: 'stafett.example', conversation, handover: '', epoch: 0, kind: 2, item: 'words' });

const seal = async (conversation, text) => Buffer.from(await (await module_).seal(key, place(conversation), new TextEncoder().encode(text)));
const open = async (conversation, blob) => new TextDecoder().decode(await (await module_).open(key, place(conversation), new Uint8Array(blob)));

module.exports = { seal, open };
