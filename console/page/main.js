// SPDX-License-Identifier: MIT
// Puts the parts together. State is what the daemon says: nothing secret is kept by the page.
import { call, whenSignedOut } from './api.js';
import { byId, once, say } from './dom.js';
import * as exportsDialog from './exports.js';
import * as identity from './identity.js';
import * as live from './live.js';
import * as question from './question.js';
import * as roles from './roles.js';
import * as signIn from './sign_in.js';

let session = null;
let wish = roles.wishOfLink();

function signedIn(next) {
  const first = session === null;
  session = next;
  roles.setUser(session.user.arn);
  identity.show(session);
  identity.showPermissions().catch((error) => say(error.message));
  byId('signed-in').hidden = false;
  question.clear();
  live.restart(session.identity.account);
  if (first) byId('content').focus();
  if (wish) roles.open(wish);
  wish = null;
}

/** A role ends by itself, and another window of this browser switches for all. */
function seen(next) {
  if (next.identity.access_key_id === session.identity.access_key_id) return;
  const hadFocus = document.activeElement === byId('switch-back');
  exportsDialog.close();
  if (next.role_ended) say(next.role_ended);
  else if (next.user.arn !== session.user.arn) say(`${next.user.name} has signed in in another window.`);
  else say(next.role ? `Switched to ${next.role.display_name} in another window.` : 'Switched back in another window.');
  signedIn(next);
  if (hadFocus && !next.role) byId('open-switch').focus();
}

function signedOut() {
  const message = session ? 'Your session has ended.' : '';
  session = null;
  live.stop();
  exportsDialog.close();
  for (const dialog of document.querySelectorAll('dialog[open]')) dialog.close();
  byId('signed-in').hidden = true;
  byId('who').hidden = true;
  signIn.show(message);
}

whenSignedOut(signedOut);
signIn.start((next) => {
  say(`Signed in as ${next.user.name}.`);
  signedIn(next);
});
roles.start(signedIn);
exportsDialog.start();
question.start();
live.start(seen);

byId('open-switch').addEventListener('click', () => roles.open({ account: session.user.account }));
byId('open-exports').addEventListener('click', (event) => once(event.currentTarget, () => exportsDialog.open().catch((error) => say(error.message))));
byId('sign-out').addEventListener('click', async () => {
  await call('POST', 'sign-out').catch(() => {});
  session = null;
  signedOut();
  say('Signed out.');
});

call('GET', 'session').then(signedIn, (error) => {
  if (error.code !== 'NotSignedIn') say(error.message);
});
