// The staff's page: it fetches itself again whenever anything has changed, and rings for handovers.
import {follow, morph, parse, sent} from './live.js';

const banner = (id, shown) => { const node = document.getElementById(id); if (node) node.hidden = !shown; };

let fetching = 0;
async function refresh() {
  const turn = ++fetching;
  const answer = await fetch(location.href, {cache: 'no-store'}).catch(() => null);
  if (answer && answer.ok && turn === fetching) put(parse(await answer.text()));
}

function put(next) {
  document.title = next.title;
  for (const id of ['top', 'notices', 'columns']) {
    const [old, now] = [document.getElementById(id), next.getElementById(id)];
    if (!old || !now) return location.reload();
    morph(old, now);
  }
  banner('stale', false);
  ring();
  if (document.querySelector('.offer') && !document.hidden) fetch('/seen', {method: 'POST'}).catch(() => {});
}

// Forms are sent in the background; without this script the browser sends them itself.
document.addEventListener('submit', async event => {
  const form = event.target;
  if (form.dataset.busy) return event.preventDefault();
  if (form.method !== 'post') {
    event.preventDefault();
    history.replaceState(null, '', '?' + new URLSearchParams(new FormData(form)));
    return refresh();
  }
  if (!form.action.includes('/do/') && form.id !== 'shift') return;
  event.preventDefault();
  form.dataset.busy = 'yes';
  const body = new URLSearchParams(new FormData(form));
  try {
    const answer = await fetch(form.action, {method: 'POST', body});
    const next = parse(await answer.text());
    if (answer.redirected) history.replaceState(null, '', answer.url);
    if (answer.ok) sent(form);
    fetching++;
    put(next);
  } catch {
    banner('stale', true);
  } finally {
    delete form.dataset.busy;
  }
});

document.addEventListener('click', event => {
  const link = event.target.closest('a[href^="/?c="]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  history.pushState(null, '', link.href);
  refresh().then(() => document.getElementById('conversation').focus());
});
addEventListener('popstate', refresh);

// Keys: F6 goes from region to region.
document.addEventListener('keydown', event => {
  if (event.key !== 'F6') return;
  event.preventDefault();
  const regions = ['lists', 'conversation', 'actions'].map(id => document.getElementById(id)).filter(Boolean);
  const at = regions.findIndex(region => region.contains(document.activeElement));
  const next = regions[(at + (event.shiftKey ? regions.length - 1 : 1)) % regions.length];
  next.tabIndex = -1;
  next.focus();
});

// The sound is made here, so that nothing has to be loaded when it is needed.
let audio, rung = '';
function tone() {
  if (!audio || audio.state !== 'running') return banner('no-sound', true);
  banner('no-sound', false);
  [0, 0.25, 0.5].forEach((at, i) => {
    const voice = audio.createOscillator(), volume = audio.createGain();
    voice.frequency.value = [660, 880, 990][i];
    volume.gain.setValueAtTime(0.2, audio.currentTime + at);
    volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + at + 0.22);
    voice.connect(volume).connect(audio.destination);
    voice.start(audio.currentTime + at);
    voice.stop(audio.currentTime + at + 0.24);
  });
}

// ring rings once for each alert that the server counts: at 0, 15 and 30 seconds.
function ring() {
  const now = document.getElementById('columns').dataset.sound;
  if (now && now !== rung) {
    if (document.getElementById('shift').elements.on.value === 'no') tone();
    if (document.hidden && window.Notification && Notification.permission === 'granted') new Notification(document.title, {tag: 'offer', renotify: true});
  }
  rung = now;
}

document.addEventListener('click', async event => {
  if (!event.target.closest('[data-unlock]')) return;
  audio = audio || new AudioContext();
  await Promise.race([audio.resume(), new Promise(done => setTimeout(done, 1000))]);
  tone();
  if (window.Notification) banner('no-notifications', await Notification.requestPermission() !== 'granted');
});

follow(signal => fetch('/live', {signal, cache: 'no-store'}), {
  changed: refresh,
  ping: () => fetch('/here', {method: 'POST'}).catch(() => {}),
  lost: ended => ended ? location.reload() : banner('stale', true),
});
fetch('/here', {method: 'POST'}).catch(() => {});
