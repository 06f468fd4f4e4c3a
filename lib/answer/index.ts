// SPDX-License-Identifier: GPL-2.0-only
/** Answers to katas as patches: read, printed, applied. Knows no disk, so that a page can have it too. */
export {
  type Answer,
  type Base,
  FOLDER,
  type Message,
  parseAnswer,
  parseMessage,
  printAnswer,
  printMessage,
} from './answer';
export { applyAnswer, diffAgainst, onBetterBase, reverseAnswer } from './apply';
