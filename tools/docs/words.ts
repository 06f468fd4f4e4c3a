// SPDX-License-Identifier: GPL-2.0-only
/** The words that docs/conventions.md bans from comments, messages and prose, each with a plainer one. */

interface Word {
  /** A regular expression; a space also matches a line break inside a comment. */
  readonly banned: string;
  readonly better: string;
}

const words: readonly Word[] = [
  {
    banned: '(?<!there )(?:is|are|was|were) no (?!longer|more|less|different|better|worse)',
    better: 'is not a',
  },
  { banned: 'anew', better: 'again' },
  { banned: 'whoever', better: 'the name of the person or thing' },
  { banned: '(?:come|comes|came) upon', better: 'find, reach' },
  { banned: 'because of which', better: 'why; start a second sentence' },
  { banned: 'how manieth', better: 'the index of' },
  {
    banned: '(?:come|comes|came|coming) to (?:an|its|their) end|to its end',
    better: 'finish, end',
  },
  { banned: '(?:is|are|was|were|be) told', better: 'prints, reports, tells' },
  { banned: '(?:go|goes|gone|going|went) on with', better: 'continue' },
  { banned: 'in vain', better: 'fail, without success' },
  { banned: '(?:its|their) like', better: 'another one, similar ones' },
  { banned: '(?:he|she|those|one|the one) who', better: 'the task, the reader; name it' },
  { banned: 'at hand', better: 'current, this' },
  { banned: '(?:is|are|was|were) to be', better: 'must, should, will be' },
  { banned: 'beforehand', better: 'before, first' },
  { banned: '(?:come|comes|came|coming) of', better: 'result from, the result' },
  { banned: 'amid', better: 'in the middle of, during' },
  { banned: 'a thing that', better: 'the name of the thing' },
  { banned: '(?:know|knows|knowing) nothing of', better: 'does not know, does not use' },
  { banned: '(?:take|takes|taken|taking|took) along', better: 'keep, rebase, carry over' },
  { banned: '(?:become|becomes|became) of', better: 'the result of, happens to' },
  { banned: 'to be seen', better: 'visible, shown' },
];

/** A line break in a comment or an indented paragraph. */
const GAP = String.raw`(?: |\s*\n\s*(?:\*|\/\/|#)?\s*)`;

const patterns = words.map(({ banned, better }) => ({
  pattern: new RegExp(String.raw`\b(?:${banned.replaceAll(' ', GAP)})\b`, 'gi'),
  better,
}));

/** Every banned word in a text: `file:line: 'anew': write again`. */
export function bannedWords(file: string, text: string): string[] {
  return patterns.flatMap(({ pattern, better }) =>
    [...text.matchAll(pattern)].map((match) => {
      const line = text.slice(0, match.index).split('\n').length;
      const shown = match[0].replace(/\s*\n\s*(?:\*|\/\/|#)?\s*/g, ' ').trim();
      return `${file}:${line}: '${shown}': write ${better}`;
    }),
  );
}
