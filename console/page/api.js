// SPDX-License-Identifier: MIT
// The console's API, as docs/console.md has it.

let csrfToken = '';
let onSignedOut = () => {};

export function whenSignedOut(callback) {
  onSignedOut = callback;
}

/** What the daemon said: `code` is AWS's error code where AWS has one. */
export class Refused extends Error {
  constructor(status, body) {
    super(body.error || `The daemon answered ${status}.`);
    Object.assign(this, { status, code: body.code || '', body });
  }
}

/** The answer's JSON; throws Refused, or an Error when the daemon is not there. */
export async function call(method, name, body) {
  const headers = {};
  if (method === 'POST') {
    headers['Content-Type'] = 'application/json';
    headers['X-CSRF-Token'] = csrfToken;
  }
  let response;
  try {
    response = await fetch(`/api/${name}`, { method, headers, body: method === 'POST' ? JSON.stringify(body ?? {}) : undefined });
  } catch {
    throw new Error('imdsd does not answer. Is it running?');
  }
  const json = await response.json().catch(() => ({}));
  if (response.ok) {
    const session = json.session ?? json;
    if (session.csrf_token) csrfToken = session.csrf_token;
    return json;
  }
  if (json.code === 'NotSignedIn') onSignedOut();
  throw new Refused(response.status, json);
}
