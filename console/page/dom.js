// SPDX-License-Identifier: MIT
// Text becomes text nodes, never markup.

export const byId = (id) => document.getElementById(id);

/** An element with properties and children, which are nodes or text. */
export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

export function row(...cells) {
  return element('tr', {}, ...cells.map((cell) => (cell instanceof HTMLTableCellElement ? cell : element('td', {}, cell ?? ''))));
}

/** An ARN without what is the same in all of them, where it is one of this account; its title has the whole. */
export function shortArn(arn, account) {
  const parts = arn.split(':');
  return element('td', { title: arn }, parts[4] === account ? parts.slice(5).join(':') : arn);
}

export function verdict(text) {
  return element('span', { className: text === 'allowed' || text === 'allow' ? 'good' : text.includes('deny') ? 'bad' : '' }, text);
}

/** For screen readers, and shown below the header. */
export function say(text) {
  byId('status').textContent = text;
}

/** Runs an action of a form or button once at a time. */
export async function once(control, action) {
  if (control.disabled) return;
  control.disabled = true;
  try {
    await action();
  } finally {
    control.disabled = false;
  }
}
