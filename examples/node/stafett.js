// Calls the Stafett platform with @grpc/grpc-js, from the protos as they are in proto/.
'use strict';
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');
const { ErrorInfo, Status } = require('./details');

const protos = path.join(__dirname, '..', '..', 'proto');

// load makes the clients of all services. third_party has the protos that ours import.
function load() {
  const files = fs.readdirSync(path.join(protos, 'stafett'), { recursive: true })
    .filter((name) => name.endsWith('.proto'))
    .map((name) => path.join('stafett', name));
  return grpc.loadPackageDefinition(loader.loadSync(files, {
    includeDirs: [protos, path.join(protos, 'third_party')],
    keepCase: true, longs: String, enums: String, oneofs: true, defaults: true,
  })).stafett;
}

// ourService is what to check of a server instead of its host name: its SPIFFE id. In Node
// the certificate's URIs stand in subjectaltname.
function ourService(domain, service) {
  return (host, certificate) => {
    const want = `URI:spiffe://${domain}/service/${service}`;
    if (!(certificate.subjectaltname || '').split(', ').includes(want)) {
      return new Error(`${host} shows ${certificate.subjectaltname}, not ${want}`);
    }
  };
}

// connect calls the services of a platform as a line. data is the folder of `stafett up`.
function connect(data, line) {
  const read = (...name) => fs.readFileSync(path.join(data, 'identity', ...name));
  const certificate = read('line', `${line}.pem`);
  const domain = new crypto.X509Certificate(certificate).subjectAltName.match(/^URI:spiffe:\/\/([^/]+)\//)[1];
  const addresses = JSON.parse(fs.readFileSync(path.join(data, 'addresses.json')));
  const { intake, triage, routing } = load();
  const client = (Service, name) => new Service(addresses[name[0].toUpperCase() + name.slice(1)],
    grpc.credentials.createSsl(read('ca.pem'), read('line', `${line}.key`), certificate, { checkServerIdentity: ourService(domain, name) }), {
      'grpc.ssl_target_name_override': name, // the name in TLS, which may be no address
      'grpc.keepalive_time_ms': 10_000, 'grpc.keepalive_timeout_ms': 3_000, 'grpc.keepalive_permit_without_calls': 1,
      'grpc.max_reconnect_backoff_ms': 3_000, // a restarted service is called again soon
    });
  const clients = {
    intake: client(intake.v1.IntakeService, 'intake'),
    triage: client(triage.v1.TriageService, 'triage'),
    routing: client(routing.v1.RoutingService, 'routing'),
    directory: client(routing.v1.DirectoryService, 'routing'),
    keyService: client(routing.v1.KeyService, 'routing'),
  };
  const file = (name) => path.join(data, 'identity', 'line', `${line}.${name}`);
  return { ...clients, line, domain, file, close: () => Object.values(clients).forEach((c) => c.close()) };
}

// reason is the stable reason of a refusal, from the google.rpc.ErrorInfo in the trailers.
function reason(error) {
  const details = error.metadata?.get('grpc-status-details-bin')[0];
  if (!details) return '';
  const info = Status.decode(details).details.find((any) => any.type_url.endsWith('/google.rpc.ErrorInfo'));
  return info ? ErrorInfo.decode(info.value).reason : '';
}

const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });

// ask makes one call.
function ask(client, method, request) {
  return new Promise((done, fail) => {
    client[method](request, { deadline: Date.now() + 15_000 }, (err, answer) => (err ? fail(err) : done(answer)));
  });
}

// send gives a command an id and repeats it, as it is, while the platform is away. All
// repeats are one command.
async function send(client, method, request) {
  const command = { request_id: crypto.randomUUID(), ...request };
  for (let wait = 100; ; wait = Math.min(2 * wait, 2_000)) {
    try {
      return await ask(client, method, command);
    } catch (err) {
      if (err.code !== grpc.status.UNAVAILABLE && reason(err) !== 'CONTENDED') {
        throw new Error(`${method}: ${reason(err) || err.code}: ${err.details}`);
      }
      await pause(wait);
    }
  }
}

// watch calls each with what a watch streams, and opens a broken stream again after the
// last position that it has seen. It ends when the platform ends the stream, or stopped.
async function watch(client, method, request, each, stopped = () => false) {
  let after = '0';
  for (;;) {
    const stream = client[method]({ ...request, after_position: after });
    try {
      for await (const response of stream) {
        await each(response);
        if (BigInt(response.position) > BigInt(after)) after = response.position;
        if (stopped()) return stream.cancel();
      }
      return undefined;
    } catch (err) {
      if (stopped()) return undefined;
      if (err.code !== grpc.status.UNAVAILABLE) throw err;
      await pause(500);
    }
  }
}

module.exports = { ask, connect, protos, send, watch, reason };
