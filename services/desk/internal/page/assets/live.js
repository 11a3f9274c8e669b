// What both pages share: one stream of changes, and putting a fetched state into the page.
import {Idiomorph} from './vendor/idiomorph.js';

const policy = window.trustedTypes ? trustedTypes.createPolicy('stafett', {createHTML: html => html}) : {createHTML: html => html};
const touched = new WeakSet();
document.addEventListener('input', event => touched.add(event.target));

// parse makes a document of what this desk answered. Its scripts do not run.
export const parse = html => new DOMParser().parseFromString(policy.createHTML(html), 'text/html');

// morph changes only what differs. What somebody has typed or opened stays as it is.
export function morph(old, next) {
  const log = document.getElementById('log');
  const atEnd = log && log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  Idiomorph.morph(old, next, {
    ignoreActiveValue: true,
    callbacks: {
      beforeNodeMorphed: node => !touched.has(node) && !(node.dataset && 'own' in node.dataset),
      beforeAttributeUpdated: (name, node) => !(name === 'open' && node.nodeName === 'DETAILS') && !(name === 'hidden' && node.classList.contains('banner')),
    },
  });
  const now = document.getElementById('log');
  if (now && (atEnd || !log)) now.scrollTop = now.scrollHeight;
  countdowns();
}

export function sent(form) {
  for (const field of form.elements) touched.delete(field);
  form.reset();
}

export const pause = ms => new Promise(done => setTimeout(done, ms));

// follow keeps one stream open. It calls changed at each connection and change, and lost when the
// connection breaks or says nothing for long, with true if this page may not follow any more.
export async function follow(open, {changed, ping, lost}) {
  for (let wait = 250; ; wait = Math.min(wait * 2, 3000)) {
    const stop = new AbortController();
    let silent;
    const alive = () => { clearTimeout(silent); silent = setTimeout(() => stop.abort(), 25000); };
    const woken = () => { if (!document.hidden) changed(); };
    document.addEventListener('visibilitychange', woken);
    try {
      alive();
      const answer = await open(stop.signal);
      if (answer.status === 401) return lost(true);
      if (!answer.ok) throw new Error(answer.status);
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let text = ''; ;) {
        const {value, done} = await reader.read();
        if (done) break;
        alive();
        wait = 250;
        text += value;
        const events = text.split('\n\n');
        text = events.pop();
        if (events.some(e => e.includes('event: changed'))) changed();
        if (events.some(e => e.includes('event: ping'))) ping();
      }
    } catch { /* the connection broke: begin again below */ }
    clearTimeout(silent);
    document.removeEventListener('visibilitychange', woken);
    lost();
    await pause(wait);
  }
}

// countdowns go on from what the server said is left, on a clock that nobody sets.
let ticking;
function countdowns() {
  clearInterval(ticking);
  const began = performance.now();
  const all = [...document.querySelectorAll('[data-left]')].map(node => [node, Number(node.dataset.left)]);
  const show = () => all.forEach(([node, left]) => { node.textContent = Math.max(0, Math.round(left - (performance.now() - began) / 1000)); });
  if (all.length) { show(); ticking = setInterval(show, 1000); }
}
countdowns();
