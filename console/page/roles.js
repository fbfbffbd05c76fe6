// SPDX-License-Identifier: MIT
// Switching roles. The last five are remembered by this browser, for each user, as the AWS console does.
import { call } from './api.js';
import { byId, element, once, say } from './dom.js';

const kRemembered = 5;
const colors = ['red', 'orange', 'yellow', 'green', 'blue'];
const dialog = byId('switch-dialog');
let user = '';
let onSwitched = () => {};

const key = () => `imdsd-roles:${user}`;

function history() {
  try {
    const list = JSON.parse(localStorage.getItem(key()) ?? '[]');
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

function remember(role) {
  const others = history().filter((each) => each.account !== role.account || each.role !== role.role);
  localStorage.setItem(key(), JSON.stringify([role, ...others].slice(0, kRemembered)));
}

function fill({ account = '', role = '', display_name = '', color = 'blue' }) {
  byId('role-account').value = account;
  byId('role-name').value = role;
  byId('display-name').value = display_name;
  const chosen = byId(`color-${color}`) ?? byId('color-blue');
  chosen.checked = true;
}

function showError(refused) {
  byId('switch-error').textContent = refused?.message ?? '';
  const why = refused?.body?.explanation ?? '';
  byId('switch-why').textContent = why;
  byId('switch-why').hidden = !why;
}

export function open(wish) {
  showError(null);
  fill(wish);
  byId('history').replaceChildren(...history().map((role) =>
    element('li', {}, element('button', { type: 'button', className: 'link', onclick: () => go(role) },
      element('span', { className: `dot ${colors.includes(role.color) ? role.color : 'blue'}` }), ` ${role.display_name}`))));
  dialog.showModal();
  byId(byId('role-account').value ? 'role-name' : 'role-account').focus();
}

async function go(wish) {
  showError(null);
  try {
    const session = await call('POST', 'switch-role', wish);
    const { account, role, display_name, color } = session.role;
    remember({ account, role, display_name, color });
    dialog.close();
    say(`Switched to ${display_name}.`);
    onSwitched(session);
  } catch (refused) {
    fill(wish);
    showError(refused);
  }
}

export function start(callback) {
  onSwitched = callback;
  byId('colors').append(...colors.map((color) =>
    element('label', {}, element('input', { type: 'radio', name: 'color', id: `color-${color}`, value: color }),
      ' ', element('span', { className: `dot ${color}` }), ` ${color}`)));
  byId('switch-role').addEventListener('submit', (event) => {
    event.preventDefault();
    once(event.submitter ?? event.target.querySelector('.primary'), () => go({
      account: byId('role-account').value.trim(),
      role: byId('role-name').value.trim(),
      display_name: byId('display-name').value.trim(),
      color: document.querySelector('input[name=color]:checked')?.value ?? 'blue',
    }));
  });
  byId('switch-cancel').addEventListener('click', () => dialog.close());
  byId('switch-back').addEventListener('click', (event) => once(event.currentTarget, async () => {
    onSwitched(await call('POST', 'switch-back'));
    say('Switched back.');
    byId('open-switch').focus();
  }));
}

export function setUser(arn) {
  user = arn;
}

/** The wish of a link as the AWS console has it: /switchrole?account=…&roleName=…&displayName=… */
export function wishOfLink() {
  if (location.pathname !== '/switchrole') return null;
  const query = new URLSearchParams(location.search);
  window.history.replaceState(null, '', '/');
  return {
    account: query.get('account') ?? '',
    role: query.get('roleName') ?? '',
    display_name: query.get('displayName') ?? '',
    color: query.get('color') ?? 'blue',
  };
}
