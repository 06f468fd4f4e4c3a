// SPDX-License-Identifier: GPL-2.0-only
import { escapeHtml } from '../../html';
import { plain } from '../odd';

/** Text of a submission for HTML. */
export function safeText(text: string): string {
  return escapeHtml(plain(text));
}
