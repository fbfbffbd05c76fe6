// SPDX-License-Identifier: MIT
// Instances and requests, as they are now. Rows that are there stay: whoever has the focus keeps it.
import { call } from './api.js';
import { byId, element, row, shortArn, verdict } from './dom.js';

const kInterval = 2000;
const kShown = 100;
let timer = 0;
let newest = 0;
let ahead = 0; // of the daemon's clock, milliseconds
let generation = 0;
let account = ''; // of whom is signed in
let onSession = () => {};

function duration(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const parts = [[Math.floor(seconds / 3600), 'h'], [Math.floor(seconds / 60) % 60, 'min'], [seconds % 60, 's']];
  return parts.filter(([number], i) => number || i === 2).map(([number, unit]) => `${number} ${unit}`).join(' ');
}

function credentialsText(instance) {
  if (!instance.role) return 'none';
  return instance.error ? `${instance.state}: ${instance.error}` : instance.state;
}

function showInstances({ now, instances, more }) {
  ahead = Date.parse(now) - Date.now();
  const body = byId('instances');
  const known = new Map([...body.rows].map((each) => [each.id, each]));
  const rows = instances.map((instance) => {
    const id = `instance-${instance.id}`;
    const cells = [instance.id, instance.name, instance.role || 'none', credentialsText(instance)];
    const made = known.get(id) ?? Object.assign(row(...cells, element('td', { className: 'time' })), { id });
    cells.forEach((text, i) => {
      if (made.cells[i].textContent !== text) made.cells[i].textContent = text;
    });
    made.dataset.next = instance.next_rotation;
    return made;
  });
  if (rows.length !== body.rows.length || rows.some((each, i) => each !== body.rows[i])) body.replaceChildren(...rows);
  byId('instances-note').textContent = more ? `The first ${rows.length}: imdsctl status has all.` : rows.length ? '' : 'No instance belongs to this account.';
  count();
}

function count() {
  for (const each of byId('instances').rows) {
    const next = each.dataset.next;
    each.cells[4].textContent = next ? duration(Date.parse(next) - Date.now() - ahead) : '';
  }
}

async function explain(id) {
  const dialog = byId('why-dialog');
  try {
    byId('why-text').textContent = (await call('GET', `explanation?id=${encodeURIComponent(id)}`)).text;
  } catch (refused) {
    byId('why-text').textContent = refused.message;
  }
  dialog.showModal();
}

function requestRow(request) {
  const decision = element('td', {}, verdict(request.would_deny ? `${request.decision} (passed)` : request.decision));
  if (request.decision && request.decision !== 'allowed') {
    decision.append(' ', element('button', {
      type: 'button', className: 'link', onclick: () => explain(request.request_id),
      ariaLabel: `Why was ${request.action} denied?`,
    }, 'Why?'));
  }
  return row(
    element('td', { className: 'time', title: request.request_id }, new Date(request.time).toLocaleTimeString()),
    element('td', { className: 'name' }, `${request.service}:${request.action}`), request.caller ? shortArn(request.caller, account) : 'not authenticated', shortArn(request.resource, account),
    `${request.status}${request.error ? ` ${request.error}` : ''}`, decision);
}

function showRequests({ whole_account: whole, requests }) {
  const body = byId('requests');
  if (requests.length) newest = requests[0].number;
  body.prepend(...requests.map(requestRow));
  while (body.rows.length > kShown) body.deleteRow(-1);
  byId('requests-note').textContent = whole ? '' : 'Your own requests. With cloudtrail:LookupEvents you see those of the account.';
}

async function refresh() {
  const mine = generation;
  const results = await Promise.allSettled([call('GET', 'instances'), call('GET', `requests?after=${newest}`)]);
  if (mine !== generation) return;
  if (results[1].status === 'fulfilled') onSession(results[1].value.session);
  if (mine !== generation) return; // it is somebody else, who sees other things
  if (results[0].status === 'fulfilled') showInstances(results[0].value);
  else {
    byId('instances').replaceChildren();
    byId('instances-note').textContent = results[0].reason.message;
  }
  byId('instances').closest('.scroll').hidden = !byId('instances').rows.length;
  if (results[1].status === 'fulfilled') showRequests(results[1].value);
  else byId('requests-note').textContent = results[1].reason.message;
}

async function tick() {
  const mine = generation;
  if (!document.hidden) await refresh();
  if (mine === generation) timer = setTimeout(tick, kInterval);
}

/** `callback` is told with each look who is signed in, and as whom. */
export function start(callback) {
  onSession = callback;
  setInterval(count, 1000);
  byId('why-close').addEventListener('click', () => byId('why-dialog').close());
}

/** For whoever is signed in now: nothing of what another saw stays. */
export function restart(ofAccount) {
  stop();
  account = ofAccount;
  tick();
}

export function stop() {
  generation += 1;
  clearTimeout(timer);
  newest = 0;
  byId('instances').replaceChildren();
  byId('requests').replaceChildren();
}
