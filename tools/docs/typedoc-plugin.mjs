// SPDX-License-Identifier: GPL-2.0-only
/**
 * What the reference derives: the category of a name from its kernel header, the comments of a type from its structure, and an
 * example for every function from the functions that use it.
 */
import { Comment, CommentTag, Converter, ReflectionKind } from 'typedoc';

/** The category of names that do not exist in the kernel, by their folder. */
const OURS = { kata: 'Scenarios' };
const ELSE = 'The machine and helpers of ours';

export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    const names = project.getChildrenByKind(ReflectionKind.SomeExport);
    for (const name of names) describe(name, names);
    const headers = new Headers(names, (name) => fileOf(project, name));
    for (const name of names) {
      categorise(name, headers.of(name) ?? OURS[folderOf(project, name)] ?? ELSE);
    }
    lendExamples(names, (name) => fileOf(project, name));
    for (const comment of names.flatMap(commentsOf)) examplesLast(comment);
  });
}

function fileOf(project, name) {
  return project.getSymbolIdFromReflection(name)?.packagePath ?? '';
}

function folderOf(project, name) {
  return fileOf(project, name).split('/')[1];
}

/** The header of a name: the one in its comment, else that of its namesake, else that of most names in its file. */
class Headers {
  #names = new Map();
  #files = new Map();
  #fileOf;

  constructor(names, fileOf) {
    this.#fileOf = fileOf;
    for (const name of names) {
      const header = headerOf(name);
      if (header === undefined) continue;
      this.#names.set(name.name, header);
      const counts = this.#files.get(fileOf(name)) ?? new Map();
      this.#files.set(fileOf(name), counts.set(header, (counts.get(header) ?? 0) + 1));
    }
  }

  of(name) {
    const counts = [...(this.#files.get(this.#fileOf(name)) ?? [])];
    const most = counts.sort(([, a], [, b]) => b - a)[0]?.[0];
    return headerOf(name) ?? this.#names.get(name.name) ?? most;
  }
}

function headerOf(name) {
  const tag = commentsOf(name).flatMap((comment) => comment.getTags('@kernel'))[0];
  return tag?.content
    .map((part) => part.text)
    .join('')
    .trim()
    .split(/[\s,;]/)[0];
}

function commentsOf(name) {
  return [name, ...(name.signatures ?? [])].flatMap(({ comment }) => comment ?? []);
}

/** Puts examples after the promises of a function. */
function examplesLast(comment) {
  const isExample = ({ tag }) => Number(tag === '@example');
  comment.blockTags.sort((a, b) => isExample(a) - isExample(b));
}

function categorise(name, category) {
  const tag = new CommentTag('@category', [{ kind: 'text', text: category }]);
  const comment = commentsOf(name)[0] ?? (name.comment = new Comment());
  comment.blockTags.push(tag);
}

/**
 * `interface gendisk` has no comment: it gets that of the value with the same name. So do its fields, which are computed from the
 * value's fields; the compiler drops their comments.
 */
function describe(type, names) {
  if (!type.kindOf(ReflectionKind.Interface)) return;
  const value = names.find((name) => name !== type && name.name === type.name);
  const described = new Map();
  value?.type?.visit?.({ reference: (reference) => collect(reference, described) });
  if (described.size > 0) type.comment = value.comment?.clone();
  for (const field of type.children ?? []) field.comment ??= described.get(field.name)?.clone();
}

function collect(reference, described) {
  for (const { declaration } of reference.typeArguments ?? []) {
    for (const field of declaration?.children ?? []) {
      if (field.comment) described.set(field.name, field.comment);
    }
  }
}

/** Gives a function without an example one that uses it: one of its file if possible, else the shortest. */
function lendExamples(names, fileOf) {
  const functions = names.filter((name) => name.signatures?.length);
  const examples = functions.flatMap((name) =>
    commentsOf(name)
      .flatMap((comment) => comment.getTags('@example'))
      .map((tag) => ({
        tag,
        file: fileOf(name),
        text: tag.content.map(({ text }) => text).join(''),
      })),
  );
  examples.sort((a, b) => a.text.length - b.text.length);
  for (const name of functions) {
    const comment = name.signatures[0].comment;
    if (!comment || comment.getTags('@example').length > 0) continue;
    const using = examples.filter(({ text }) =>
      new RegExp(`\\b${name.name}(\\(|,$)`, 'm').test(text),
    );
    const lent = using.find(({ file }) => file === fileOf(name)) ?? using[0];
    if (lent) comment.blockTags.push(lent.tag.clone());
  }
}
