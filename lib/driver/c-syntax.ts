// SPDX-License-Identifier: GPL-2.0-only
/** What somebody wrote who thinks in C, where the parser gave up: the part of the line that is C, and what to write here. */
import { openBrackets } from './brackets';
import {
  CAST,
  expressionHere,
  FUNCTION,
  functionHere,
  fieldsHere,
  parameterHere,
  type Scope,
  VARIABLE,
  variableHere,
} from './c-declarations';
import { C_TYPE } from './c-types';

/** A place in the text and the sentence for it. */
export interface Told {
  readonly at: number;
  readonly sentence: string;
}

/** A piece of C, and what to say of it. `line` is the line it stands in. */
interface Idiom {
  readonly pattern: RegExp;
  readonly say: (match: RegExpExecArray, line: string, scope: Scope) => string;
}

/** The piece of C that holds the place where the parser gave up; null if there is none. Texts in quotes must be masked. */
export function pieceOfC(text: string, code: string, at: number): Told | null {
  const start = code.lastIndexOf('\n', at - 1) + 1;
  const end = code.indexOf('\n', at);
  const line = code.slice(start, end < 0 ? undefined : end);
  const scope = openBrackets(code, start).length === 0 ? 'file' : 'function';
  const shown = text.slice(start, start + line.length);
  for (const { pattern, say } of IDIOMS) {
    for (const match of line.matchAll(pattern)) {
      const from = start + match.index + (/^\s*/.exec(match[0])?.[0].length ?? 0);
      const to = start + match.index + match[0].length;
      if (at < from || code.slice(to, at).trim() !== '') continue;
      return { at: from, sentence: say(unmasked(match, shown, pattern), line, scope) };
    }
  }
  return null;
}

/** The same match with what stands in quotes. */
function unmasked(match: RegExpExecArray, line: string, pattern: RegExp): RegExpExecArray {
  const again = new RegExp(pattern.source, 'g');
  again.lastIndex = match.index;
  const found = again.exec(line);
  return found?.index === match.index ? found : match;
}

const same = (sentence: string) => (): string => sentence;

/** The first match gives the sentence. */
const IDIOMS: readonly Idiom[] = [
  {
    pattern: /^\s*#\s*include\b.*/g,
    say: same("there are no header files here; add the names you use to the import from '#lib'"),
  },
  {
    pattern: /^\s*#\s*define\s+(\w+)\(([^)]*)\).*/g,
    say: ([, name, parameters]) =>
      `there is no preprocessor here; write a function: function ${name ?? ''}(${parameters ?? ''}) { ... }`,
  },
  {
    pattern: /^\s*#\s*define\s+(\w+)\s*(.*)/g,
    say: ([, name = '', value = '']) =>
      `there is no preprocessor here; write const ${name} = ${value === '' ? '1' : expressionHere(value.trim())};`,
  },
  { pattern: /^\s*#.*/g, say: same('there is no preprocessor here; delete this line') },
  {
    pattern: /\b(list_for_each_entry(?:_safe)?)\s*\(([^{;]*)\)\s*(?:\{|\w|$)/g,
    say: ([, macro = '', list = '']) => loopOver(macro, list),
  },
  {
    pattern: /\bh?list_for_each(?:_\w+)?\s*\(.*/g,
    say: same(
      "this is C; write for (const item of list_for_each_entry(list, type, 'node')), with the structure as type",
    ),
  },
  {
    pattern: /\b(?:__)?typeof(?:__)?\s*\([^()]*\)\s*\**\s*(\w+)\s*(?:=\s*([^;]*))?.*/g,
    say: ([, name = '', value]) => typeOfValue(name, value),
  },
  {
    pattern: /\b(?:auto|__auto_type)\s+(\w+)\s*(?:=\s*([^;]*))?.*/g,
    say: ([, name = '', value]) => typeOfValue(name, value),
  },
  {
    pattern: /\b(?:__)?asm(?:__)?\s+(?:volatile|goto|inline)\b.*/g,
    say: same('there is no machine code here; write smp_mb() where a barrier is meant'),
  },
  { pattern: FUNCTION, say: (match) => functionHere(match) },
  {
    pattern: /\btypedef\b.*/g,
    say: same(
      'there is no typedef here; use the type itself, or write struct() for a new structure',
    ),
  },
  {
    pattern: /^\s*(?:struct|union|enum)\s+\w+\s*;.*/g,
    say: same('a type needs no declaration before it is used; delete this line'),
  },
  {
    pattern: /:\s*((?:unsigned|signed|long|short)\s+(?:\w+\s+)?(?:int|long|short|char))\b/g,
    say: ([, type = '']) => `'${type}' is a type of C; write number here`,
  },
  {
    pattern: /\bstd\s*::.*/g,
    say: same("there is no library of C++ here; add the names you use to the import from '#lib'"),
  },
  {
    pattern: /([\w.]+)\s*::\s*(\w*)/g,
    say: ([, object = '', member = '']) => `there is no '::' here; write ${object}.${member}`,
  },
  {
    pattern: /\b(?:struct|union)(?:\s+(\w+))?\s*\{([^}]*\}?).*/g,
    say: ([, name = 'name', fields = '']) =>
      `this is C; write const ${name} = struct('${name}', { ${fieldsHere(fields)} }); and interface ${name} extends StructOf<typeof ${name}> {}`,
  },
  {
    pattern: /\bfor\s*\(\s*(?:\w+[\s*&]+)+(\w+)\s*:\s*(\w+)\s*\).*/g,
    say: ([, item = 'item', list = 'list']) =>
      `this is C++; write for (const ${item} of ${list}), where ${list} is an array`,
  },
  {
    pattern: /\bfor\s*\((?![^()]*;[^()]*;)[^()]*[<>][^()]*,[^()]*\).*/g,
    say: same("the three parts of a for are separated by ';', as in: for (let i = 0; i < n; i++)"),
  },
  {
    pattern: new RegExp(String.raw`\bfor\s*\(\s*(${C_TYPE})\s*(\w+)\s*=`, 'g'),
    say: ([, , name = 'i']) =>
      `this is C; write for (let ${name} = ...; ...; ...), without a type in front`,
  },
  {
    pattern: /(?:\bstatic\s+)?\b(?:DEFINE|DECLARE)_PER_CPU\s*\(.*/g,
    say: same('a number for each CPU comes from yield* alloc_percpu(), called in a function'),
  },
  {
    pattern: /\bstatic\s+((?:DEFINE|DECLARE)_\w+|LIST_HEAD|LLIST_HEAD)\s*\(\s*(\w+)([^)]*)\).*/g,
    say: ([, macro = '', name = '', rest = '']) =>
      `this is C; write const ${name} = ${macro}('${name}'${rest});`,
  },
  {
    pattern: new RegExp(String.raw`(?:${C_TYPE})\s*\(\s*\*\s*(\w+)\s*\)\s*\(.*`, 'g'),
    say: ([, name = 'fn']) =>
      `a function is passed without a pointer to it; write ${name}: (dev: device) => Op<void> where a parameter gets its type`,
  },
  {
    pattern: /\benum\s*\{\s*(\w+)(?:\s*=\s*(\w+))?.*/g,
    say: ([, name = 'A', value = '0']) =>
      `there is no enum here; write one const per value, as in: const ${name} = ${value};`,
  },
  {
    pattern: /\bfunction\b[^(]*\(\s*void\s*\).*/g,
    say: same('a function without parameters has () here; leave void out'),
  },
  { pattern: CAST, say: ([cast]) => castSentence(cast) },
  {
    pattern: /\(\s*void\s*\)\s*/g,
    say: same("leave '(void)' out: the result of a call may be left unused"),
  },
  {
    pattern: /\b(?:(kzalloc|kmalloc)\s*\(\s*)?sizeof\s*(?:\(([^()]*)\)|\w+)/g,
    say: ([, call, of = '']) => sizeofSentence(call, of),
  },
  {
    pattern:
      /\b(container_of|list_entry|list_first_entry)\s*\(\s*([^,]*),\s*struct\s+(\w+)\s*,\s*(\w+)\s*\)/g,
    say: ([, macro = '', from = '', type = '', member = '']) =>
      `this is C; write ${macro}(${expressionHere(from)}, ${type}, '${member}')`,
  },
  { pattern: VARIABLE, say: (match, line, scope) => parameterOrVariable(match, line, scope) },
  {
    pattern: /\bfunction\b[^(]*\([^)]*?\b(\w+\s*\*+\s*\w+)\s*(?=[,)])/g,
    say: ([, parameter = '']) =>
      `a parameter is written name: type here; write ${parameterHere(parameter)}`,
  },
  {
    pattern: /:\s*struct\s+(\w+)/g,
    say: ([, type = '']) => `leave the word struct out here; write ': ${type}'`,
  },
  {
    pattern: /:\s*\*\s*(\w+)|:\s*(\w+)\s*\*+(?=\s*[,)=;])/g,
    say: ([, before, after]) =>
      `leave the '*' out here; write ': ${before ?? after ?? ''}', which is a pointer already`,
  },
  {
    pattern: /\bstruct\s+(\w+)/g,
    say: ([, type = '']) => `leave the word struct out here; write ${type}`,
  },
  {
    pattern: /([\w.\])]*)\s*->\s*(\w*)/g,
    say: ([, object = '', member = '']) => `there is no '->' here; write ${object}.${member}`,
  },
  {
    pattern: /\bgoto\s*[\s*]\s*(\w+)/g,
    say: ([, label = '']) =>
      `there is no goto here; write what stands at '${label}' in its place, or leave a block '${label}: { ... }' with break ${label}`,
  },
  {
    pattern: /&\s*([A-Za-z_][\w.]*(?:->[\w.]+)*)/g,
    say: ([, object = '']) =>
      `there is no '&' for an address here; write ${expressionHere(object)}`,
  },
  {
    pattern: /(?<=[{,]\s*)\.(\w+)\s*=(?!=)\s*([^,}]*)/g,
    say: ([, name = '', value = '']) => `this is C; write ${name}: ${expressionHere(value.trim())}`,
  },
  {
    pattern: /\breturn\b[^;{}]*(?=\belse\b)/g,
    say: same("a ';' is missing before this else"),
  },
  {
    pattern: /[{,]\s*(\w+)\s*=(?!=)\s*(\w+)/g,
    say: ([, name = '', value = '']) => `in a table a value follows a ':'; write ${name}: ${value}`,
  },
  {
    pattern: /(?:^|[=({[,;!&|?:]|\breturn\b|\blet\b)\s*\*+\s*([A-Za-z_]\w*)/g,
    say: ([, name = '']) =>
      `there is no '*' to follow a pointer here; write ${name}, or a field of it: ${name}.field`,
  },
  {
    pattern: /\bKERN_\w+\s*(?=["'`])/g,
    say: ([level = '']) => `leave ${level.trim()} out: printk() has no levels here`,
  },
  {
    pattern: /(["'])_*\1\s*(["'`])/g,
    say: same('write a + between two texts to join them'),
  },
  {
    pattern: /([\w.\])]+)\s*=([*/%&|^])\s*(\w*)/g,
    say: ([, target = '', operator = '', value = '']) =>
      `the '=' comes last; write ${target} ${operator}= ${value}`,
  },
  {
    pattern: /([\w.\])]+)\s*:=\s*(\w*)/g,
    say: ([, target = '', value = '']) => `there is no ':=' here; write ${target} = ${value}`,
  },
  {
    pattern: /([\w.\])]+)\s*<>\s*(\w*)/g,
    say: ([, left = '', right = '']) => `there is no '<>' here; write ${left} !== ${right}`,
  },
  {
    pattern: /\b0+([1-7][0-7]*)\b/g,
    say: ([all = '', digits = '']) =>
      `a number with a 0 in front is not octal here; write 0o${digits} in place of ${all}`,
  },
  { pattern: /\?\s*:/g, say: same("there is no '?:' without a middle; write a || b") },
  {
    pattern: /\bcase\s+\w+\s*\.\.\.\s*\w+/g,
    say: same('a case names one value; write a case for each of them'),
  },
  {
    pattern: /\b(0[xX][0-9a-fA-F]+?|\d+)[uUlL]{1,3}\b/g,
    say: ([all, number = '']) => `numbers have no suffix here; write ${number} in place of ${all}`,
  },
  {
    pattern: /\b(and|or|not)\b\s*\w*/g,
    say: ([, word = '']) =>
      `write ${{ and: '&&', or: '||', not: '!' }[word] ?? ''} in place of '${word}'`,
  },
  {
    pattern: /\bACCESS_ONCE\s*\(\s*(\w+)(?:\.|->)(\w+)\s*\)\s*=.*/g,
    say: ([, object = '', field = '']) =>
      `nothing is assigned to a call; write yield* WRITE_ONCE(${object}, '${field}', value);`,
  },
  {
    pattern: /\b(if|while|switch|for)\s+(?!\()([^{;]*)/g,
    say: ([, word = '']) => `a condition needs brackets; write ${word} (...)`,
  },
  {
    pattern: /\bexport\s+(\w+)\s*\(/g,
    say: ([, name = '']) => `a word is missing; write export function* ${name}(`,
  },
  { pattern: /^\s*else\b.*/g, say: same('this else follows no if; look at the line above it') },
];

/** C's loop macros have the variable as an argument. */
function loopOver(macro: string, list: string): string {
  const [item = 'item', ...rest] = list.split(',').map((part) => expressionHere(part.trim()));
  const [head = 'list', member = 'node'] = rest.length > 2 ? rest.slice(-2) : rest;
  return `this is C; write for (const ${item} of ${macro}(${head}, type, '${member}')), with the structure as type`;
}

/** A variable that takes its type from its value. */
function typeOfValue(name: string, value: string | undefined): string {
  if (value === undefined)
    return `a variable takes its type from its value; write let ${name} = ...;`;
  return `this is C; write let ${name} = ${expressionHere(value.trim())};`;
}

function castSentence(cast: string): string {
  const type = /(\w+)\s*\*+\s*\)/.exec(cast)?.[1];
  if (type === undefined || ['void', 'char'].includes(type))
    return `there are no casts as in C; leave '${cast}' out`;
  return `there are no casts as in C; leave '${cast}' out, or write (value as ${type})`;
}

function sizeofSentence(call: string | undefined, of: string): string {
  if (call === undefined)
    return 'there is no sizeof here: memory is asked for by its structure, as in kzalloc(device, GFP_KERNEL)';
  const type = /struct\s+(\w+)/.exec(of)?.[1] ?? 'type';
  const which = type === 'type' ? ', with the structure as type' : '';
  return `there is no sizeof here; write yield* ${call}(${type}, GFP_KERNEL)${which}`;
}

/** Between the brackets of a function a declaration is a parameter. */
function parameterOrVariable(match: RegExpExecArray, line: string, scope: Scope): string {
  const [, type = '', name = ''] = match;
  const before = line.slice(0, match.index);
  if (/\bfunction\b[^()]*\([^()]*$/.test(before)) {
    return `a parameter is written name: type here; write ${parameterHere(`${type.trim()} ${name}`)}`;
  }
  return variableHere(match, scope);
}
