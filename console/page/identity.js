// SPDX-License-Identifier: MIT
// Who is signed in, and what it may do.
import { call } from './api.js';
import { byId, element, row, verdict } from './dom.js';

const local = (time) => (time ? new Date(time).toLocaleString() : '');

export function show(session) {
  const { user, identity, role } = session;
  const badge = byId('badge');
  badge.className = role ? `badge ${role.color}` : 'badge';
  badge.textContent = role ? role.display_name : `${user.name} @ ${user.account}`;
  badge.title = identity.arn;
  byId('who').hidden = false;
  byId('switch-back').hidden = !role;
  const facts = [
    ['ARN', identity.arn],
    ['Account', identity.account],
    ['User id', identity.user_id],
    ['Signed in', `${user.name}, ${user.mfa ? 'with MFA' : 'without MFA'}, until ${local(user.expires)}`],
  ];
  if (role) facts.push(['Role session', `until ${local(identity.expires)}`]);
  if (session.auth_mode !== 'enforce') facts.push(['auth.mode', `${session.auth_mode}: what policies deny may pass`]);
  byId('identity').replaceChildren(...facts.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]));
}

export async function showPermissions() {
  const { policies, actions } = await call('GET', 'permissions');
  const items = policies.map((policy) =>
    element('li', { title: policy.arn }, `${policy.name} (${policy.layer}, ${policy.arn ? 'managed' : 'inline'})`));
  if (!items.length) items.push(element('li', {}, 'No policy applies: everything is denied, unless a resource allows you.'));
  byId('policies').replaceChildren(...items);
  byId('actions').replaceChildren(...actions.map((each) => row(each.action, verdict(each.decision), each.decided_by)));
  byId('action-names').replaceChildren(...actions.map((each) => element('option', { value: each.action })));
}
