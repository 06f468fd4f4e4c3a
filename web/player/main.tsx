// SPDX-License-Identifier: GPL-2.0-only
/** The player as a page of its own: shows the executions that stand in the page as JSON. */
import { render } from 'preact';
import type { Execution } from './execution';
import { Player } from './player';

const players = [
  ...document.querySelectorAll<HTMLScriptElement>('script[type="application/json"]'),
];
for (const data of players) {
  const place = document.createElement('div');
  data.after(place);
  const execution = JSON.parse(data.text) as Execution; // the program that wrote the page wrote it
  render(<Player execution={execution} wholePage={players.length === 1} />, place);
}
