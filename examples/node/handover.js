// Plays both sides of a warm handover on a running platform, each as a system of its own:
//   node handover.js DATA    (DATA is the folder of `stafett up --data DATA`)
'use strict';
const { Receiver } = require('./receiver');
const { Sender } = require('./sender');

const tell = (system) => (what, text) => console.log(`${system.padEnd(16)} ${what}: ${text}`);

async function main(data) {
  const sender = new Sender(data, 'snakkommobbing', tell('snakkommobbing'));
  const receiver = new Receiver(data, 'alarmtelefonen', tell('alarmtelefonen'));
  await Promise.all([receiver.run(), sender.run(['lines/alarmtelefonen'])]);
  console.log(`${sender.handover} has moved, and its outcome is reported`);
}

main(process.argv[2]).catch((err) => {
  console.error(err.message);
  process.exit(1);
});
