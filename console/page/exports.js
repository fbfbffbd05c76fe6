// SPDX-License-Identifier: MIT
// The session's credentials, as shells and tools read them. Fetched when asked for, with the word on whose they are, and gone
// from the page before the dialog is.
import { call } from './api.js';
import { byId, element } from './dom.js';

const variables = (c) => [
  ['AWS_ACCESS_KEY_ID', c.AccessKeyId],
  ['AWS_SECRET_ACCESS_KEY', c.SecretAccessKey],
  ['AWS_SESSION_TOKEN', c.SessionToken],
];
const lines = (c, format) => variables(c).map(([name, value]) => format(name, value)).join('\n');

// None of the three holds a quote or a backslash: their characters are those of base64.
const formats = {
  'bash, zsh': (c) => lines(c, (name, value) => `export ${name}='${value}'`),
  fish: (c) => lines(c, (name, value) => `set -gx ${name} '${value}'`),
  PowerShell: (c) => lines(c, (name, value) => `$Env:${name}='${value}'`),
  'Windows command prompt': (c) => lines(c, (name, value) => `set "${name}=${value}"`),
  'credentials file': (c, profile) =>
    [`[${profile}]`, ...variables(c).map(([name, value]) => `${name.toLowerCase()} = ${value}`)].join('\n'),
  'credential_process (JSON)': (c) => JSON.stringify({
    Version: 1, AccessKeyId: c.AccessKeyId, SecretAccessKey: c.SecretAccessKey,
    SessionToken: c.SessionToken, Expiration: c.Expiration,
  }, null, 2),
};

const dialog = byId('exports-dialog');
let shown = null;
let profile = '';

/** arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION, arn:aws:iam::ACCOUNT:user/PATH/NAME */
function profileOf(arn) {
  const parts = arn.split(':').pop().split('/');
  return (parts[0] === 'assumed-role' ? parts[1] : parts.at(-1)).replace(/[^\w+=,.@-]/g, '-');
}

function forget() {
  shown = null;
  render();
}

function render() {
  byId('exports-text').textContent = shown ? formats[byId('exports-format').value](shown, profile) : '';
}

async function copy() {
  const text = byId('exports-text');
  try {
    await navigator.clipboard.writeText(text.textContent + '\n');
    byId('exports-copy').textContent = 'Copied';
  } catch {
    // Without TLS beyond this machine there is no clipboard: it is selected, to be copied by hand.
    getSelection().selectAllChildren(text);
    byId('exports-copy').textContent = 'Selected: copy it by Ctrl+C';
  }
}

export async function open() {
  shown = await call('POST', 'credentials');
  profile = profileOf(shown.Arn);
  byId('exports-copy').textContent = 'Copy';
  byId('exports-note').textContent = `Of ${shown.Arn}, valid until ${new Date(shown.Expiration).toLocaleString()}, for the endpoint that imdsctl env tells.`;
  render();
  dialog.showModal();
  byId('exports-format').focus();
}

export function close() {
  forget();
  dialog.close();
}

export function start() {
  byId('exports-format').append(...Object.keys(formats).map((name) => element('option', {}, name)));
  byId('exports-format').addEventListener('change', render);
  byId('exports-copy').addEventListener('click', copy);
  byId('exports-close').addEventListener('click', close);
  // By Escape. The event `close` comes when others have run already.
  dialog.addEventListener('cancel', forget);
  dialog.addEventListener('close', forget);
}
