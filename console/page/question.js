// SPDX-License-Identifier: MIT
// "May PRINCIPAL do ACTION on RESOURCE?", and which statements decided.
import { call } from './api.js';
import { byId, element, once, row, verdict } from './dom.js';

function statementText(statement) {
  const place = statement.start ? `line ${statement.start.line}` : `statement ${statement.index + 1}`;
  return `${statement.effect} by ${statement.policy}, ${statement.sid ? `${statement.sid}, ` : ''}${place}`;
}

function layerRow(layer) {
  const statements = element('ul', { className: 'plain' },
    ...(layer.statements ?? []).map((each) => element('li', { title: each.policyArn ?? '' }, statementText(each))));
  return row(layer.layer, verdict(layer.verdict), statements);
}

function changeItem(change) {
  const item = element('li', {}, change.what);
  if (change.statement) item.append(element('pre', { tabIndex: 0 }, JSON.stringify(change.statement, null, 2)));
  return item;
}

/** What would have been needed, what nearly matched, and what to change. */
function denialParts(answer) {
  const parts = [element('p', {}, `Needed: ${answer.needed}`)];
  if (answer.nearMatches?.length) {
    parts.push(element('p', {}, 'These allow but for one element:'),
      element('ul', {}, ...answer.nearMatches.map((each) => element('li', {}, `${statementText(each)}: ${each.lacks}`))));
  }
  if (answer.changes?.length) {
    parts.push(element('p', {}, answer.changesAllow ? 'The smallest change that would allow it:' : 'It would take this, and more:'),
      element('ul', {}, ...answer.changes.map(changeItem)));
  }
  return parts;
}

function render(answer) {
  const out = [element('h3', {}, verdict(answer.decision), ` by the ${answer.decidedBy}`),
    element('p', { className: 'note' }, `${answer.principal}: ${answer.action} on ${answer.resource ?? '*'}`),
    element('table', {},
      element('thead', {}, element('tr', {}, ...['Layer', 'Verdict', 'Statements'].map((name) => element('th', { scope: 'col' }, name)))),
      element('tbody', {}, ...answer.layers.filter((each) => each.verdict !== 'not applicable').map(layerRow)))];
  if (answer.needed) out.push(...denialParts(answer));
  if (answer.missing_keys.length) {
    out.push(element('p', { className: 'note' }, `Policies look at condition keys that the question does not have: ${answer.missing_keys.join(', ')}`));
  }
  byId('answer').replaceChildren(...out);
}

export function start() {
  byId('question').addEventListener('submit', (event) => {
    event.preventDefault();
    once(event.target.querySelector('button'), async () => {
      try {
        render(await call('POST', 'ask', {
          principal: byId('principal').value.trim(),
          action: byId('action').value.trim(),
          resource: byId('resource').value.trim(),
          keys: byId('keys').value.split('\n').map((line) => line.trim()).filter(Boolean),
        }));
      } catch (refused) {
        byId('answer').replaceChildren(element('p', { className: 'error' }, refused.message));
      }
    });
  });
}

export function clear() {
  byId('answer').replaceChildren();
}
