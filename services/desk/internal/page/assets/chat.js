// The young person's page. What lets the child back in is in this tab alone; there are no cookies.
import {follow, morph, parse, pause, sent} from './live.js';

const view = () => document.getElementById('view');
const key = 'stafett-chat', waitingKey = 'stafett-waiting';
const made = () => [...crypto.getRandomValues(new Uint8Array(20))].map(n => 'abcdefghjkmnpqrstuvwxyz23456789z'[n % 32]).join('');
let secret = sessionStorage.getItem(key) || '';
let gone = false; // after a fast exit nothing is stored or sent again
const offline = shown => { document.getElementById('offline').hidden = !shown; };

function call(path, options = {}) {
  return fetch(path, {cache: 'no-store', ...options, headers: secret ? {Authorization: 'Bearer ' + secret} : {}});
}

let fetching = 0;
async function refresh() {
  const turn = ++fetching;
  const answer = await call('/chat/view').catch(() => null);
  if (answer && answer.ok && turn === fetching) put(await answer.text());
}

function put(html) {
  fetching++;
  const next = parse(html).getElementById('view');
  if (!next) return;
  morph(view(), next);
  offline(false);
  const shown = document.getElementById('code-shown');
  if (shown) shown.textContent = secret.replace(/(.{4})(?=.)/g, '$1-');
  pendingList();
  if (view().dataset.open && !following) listen();
}

// A message waits here until the desk has it, and is sent again under the same id.
const waiting = JSON.parse(sessionStorage.getItem(waitingKey) || '[]');
const keep = () => { if (gone) return; sessionStorage.setItem(waitingKey, JSON.stringify(waiting)); pendingList(); };
let sending = false;
async function sendAll() {
  if (sending) return;
  sending = true;
  for (let wait = 500; waiting.length && !gone; wait = Math.min(wait * 2, 5000)) {
    const answer = await call('/chat/say', {method: 'POST', body: new URLSearchParams(waiting[0])}).catch(() => null);
    if (answer && (answer.ok || answer.status === 422)) {
      waiting.shift();
      wait = 500;
      put(await answer.text());
      keep();
    } else {
      offline(!answer);
      pendingList(true);
      await pause(wait);
    }
  }
  sending = false;
}

function pendingList(failed) {
  const list = document.getElementById('pending');
  if (!list) return;
  list.replaceChildren(...waiting.map(({text}) => {
    const item = document.createElement('li');
    item.textContent = text + ' (' + (failed ? list.dataset.notSent : list.dataset.sending) + ')';
    return item;
  }));
}

document.addEventListener('submit', async event => {
  event.preventDefault();
  const form = event.target, fields = new FormData(form);
  if (form.dataset.busy) return;
  if (form.id === 'say') {
    waiting.push({id: crypto.randomUUID(), text: fields.get('text')});
    sent(form);
    keep();
    return sendAll();
  }
  form.dataset.busy = 'yes';
  if (form.id === 'back-form') secret = fields.get('code').toLowerCase().replace(/[^a-z0-9]/g, '');
  if (form.id === 'open' && (!secret || view().dataset.ended)) secret = made();
  if (form.id === 'open' || form.id === 'back-form') sessionStorage.setItem(key, secret);
  const path = form.id === 'back-form' ? '/chat/back' : form.action;
  const answer = await call(path, {method: 'POST', body: new URLSearchParams(fields)}).catch(() => null);
  delete form.dataset.busy;
  offline(!answer);
  if (!answer) return;
  if (answer.status === 404 || answer.status === 410) { secret = ''; sessionStorage.removeItem(key); }
  if (answer.ok && following && following !== secret) return location.reload();
  put(await answer.text());
});

let following = ''; // the secret with which
async function listen() {
  following = secret;
  call('/chat/here', {method: 'POST'}).catch(() => {});
  await follow(signal => call('/chat/live', {signal}), {
    changed: () => { refresh(); sendAll(); },
    ping: () => gone || call('/chat/here', {method: 'POST'}).catch(() => {}),
    lost: () => offline(true),
  });
  following = '';
}

// Leaving fast leaves nothing in this tab. It does not end the conversation.
function exit(event) {
  if (event) event.preventDefault();
  gone = true;
  document.documentElement.hidden = true;
  document.title = '';
  const to = document.getElementById('exit').href;
  if (secret) call('/chat/quick', {method: 'POST', keepalive: true}).catch(() => {});
  sessionStorage.clear();
  location.replace(to);
}
document.getElementById('exit').addEventListener('click', exit);
let shifts = 0;
document.addEventListener('keyup', event => {
  shifts = event.key === 'Shift' ? shifts + 1 : 0;
  setTimeout(() => { shifts = 0; }, 5000);
  if (shifts >= 3) exit();
});

refresh().then(sendAll);
