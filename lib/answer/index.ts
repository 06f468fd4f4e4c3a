// SPDX-License-Identifier: GPL-2.0-only
/**
 * Answers to katas as patches: parsed, printed, applied. This folder does not access the disk, so that a web page can use it, too.
 */
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
