// SPDX-License-Identifier: GPL-2.0-only
/** The worker: locks its realm, then loads the library, then answers what the page asks. */
import { evaluateOwn, realm } from './realm';
import type { Question, Reply } from './protocol';
import type { KataData } from './suites';

/** What a page sends: a kata, or a question. */
export type Sent =
  { readonly type: 'kata'; readonly data: KataData } | ({ readonly type: 'ask' } & Question);

function send(reply: Reply): void {
  postMessage(reply);
}

// The library is loaded in a realm that is locked; messages wait for it.
const session = import('./session').then(
  ({ Session }) => new Session({ realm, evaluateOwn }, send),
);

addEventListener('message', ({ data }: MessageEvent<Sent>) => {
  void session.then((one) => {
    if (data.type === 'kata') one.know(data.data);
    else one.answer(data);
  });
});
