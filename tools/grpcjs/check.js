// Loads every proto with @grpc/proto-loader as it is in proto/, and lists the lines of a running platform:
//   node check.js DATA    (DATA is the folder of `stafett up --data DATA`)
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const protos = path.join(__dirname, '..', '..', 'proto');

function load() {
  const files = fs.readdirSync(path.join(protos, 'stafett'), { recursive: true })
    .filter((name) => name.endsWith('.proto'))
    .map((name) => path.join('stafett', name));
  return grpc.loadPackageDefinition(loader.loadSync(files, {
    includeDirs: [protos, path.join(protos, 'third_party')],
    keepCase: true, longs: String, enums: String, oneofs: true,
  }));
}

function credentials(data) {
  const read = (name) => fs.readFileSync(path.join(data, 'identity', name));
  return grpc.credentials.createSsl(read('ca.pem'), read('operator/operator.key'), read('operator/operator.pem'));
}

function main(data) {
  const { DirectoryService } = load().stafett.routing.v1;
  const { Routing: address } = JSON.parse(fs.readFileSync(path.join(data, 'addresses.json')));
  const client = new DirectoryService(address, credentials(data));
  client.ListLines({}, { deadline: Date.now() + 10_000 }, (err, page) => {
    if (err) throw err;
    if (page.lines.length === 0 || !page.lines[0].name.startsWith('lines/')) throw new Error('no lines in the answer');
    for (const line of page.lines) console.log(line.name);
    client.close();
  });
}

main(process.argv[2]);
