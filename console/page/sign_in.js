// SPDX-License-Identifier: MIT
// The form asks step by step: password, then what the daemon says is missing.
import { call } from './api.js';
import { byId, once } from './dom.js';

const form = byId('sign-in');
const steps = { MfaRequired: 'mfa-code', MfaFailed: 'mfa-code', PasswordResetRequired: 'new-password' };

function ask(id) {
  const step = byId(id).closest('div');
  step.hidden = false;
  byId(id).value = '';
  byId(id).focus();
}

function clear() {
  for (const id of ['password', 'mfa-code', 'new-password', 'new-password-again']) byId(id).value = '';
  byId('mfa-step').hidden = true;
  byId('reset-step').hidden = true;
  byId('sign-in-error').textContent = '';
}

export async function show(message = '') {
  clear();
  form.hidden = false;
  byId('sign-in-error').textContent = message;
  const welcome = await call('GET', 'welcome').catch(() => ({}));
  if (!byId('account').value) byId('account').value = welcome.default_account ?? '';
  byId(byId('user').value ? 'password' : 'user').focus();
}

export function hide() {
  clear();
  form.hidden = true;
}

export function start(onSignedIn) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    once(form.querySelector('button'), () => submit(onSignedIn));
  });
}

async function submit(onSignedIn) {
  const error = byId('sign-in-error');
  error.textContent = '';
  const newPassword = byId('new-password').value;
  if (newPassword !== byId('new-password-again').value) {
    error.textContent = 'The new passwords are not the same.';
    byId('new-password-again').focus();
    return;
  }
  try {
    const session = await call('POST', 'sign-in', {
      account: byId('account').value.trim(),
      user: byId('user').value.trim(),
      password: byId('password').value,
      mfa_code: byId('mfa-code').value.trim(),
      new_password: newPassword,
    });
    hide();
    onSignedIn(session);
  } catch (refused) {
    error.textContent = refused.message;
    if (steps[refused.code]) ask(steps[refused.code]);
    if (refused.code === 'AuthenticationFailed') byId('password').select();
  }
}
