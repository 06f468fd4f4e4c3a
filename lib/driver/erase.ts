// SPDX-License-Identifier: GPL-2.0-only
/**
 * Blanks the types of a parsed driver. Every character keeps its place: types become spaces. Where JavaScript would
 * otherwise join two statements or break an arrow function, a semicolon or a bracket replaces a space. The rules follow
 * those of ts-blank-space, which needs the whole TypeScript compiler.
 */
import type { ArrowFunctionExpression, Class, Node, Program } from '@babel/types';
import { Blanks } from './blanks';
import { nodesIn } from './nodes';

/** Refuses a construct at an offset. */
export type Refuse = (at: number, message: string) => void;

/** The text without its types. A construct that is not only a type is refused and stays. */
export function eraseTypes(text: string, program: Program, refuse: Refuse): string {
  const eraser = new Eraser(text, refuse);
  eraser.visit(program);
  return eraser.blanks.text();
}

class Eraser {
  readonly blanks: Blanks;
  /** Where statements without a semicolon end. */
  readonly #openEnds = new Set<number>();

  constructor(
    readonly text: string,
    readonly refuse: Refuse,
  ) {
    this.blanks = new Blanks(text);
  }

  visit(node: Node, parent: Node | null = null): void {
    if (isOnlyType(node)) {
      this.#statement(node);
      return;
    }
    const refused = whyRefused(node);
    if (refused !== null) {
      this.refuse(node.start ?? 0, refused);
      return;
    }
    if (endsOpen(node, parent)) this.#noteEnd(node);
    if (!this.#erase(node)) for (const child of nodesIn(node)) this.visit(child, node);
  }

  /** Blanks the parts of this node that are only types; returns true if its children need no visit. */
  #erase(node: Node): boolean {
    const { blanks } = this;
    const [start, end] = rangeOf(node);
    switch (node.type) {
      case 'TSTypeAnnotation':
      case 'TSTypeParameterDeclaration':
      case 'TSTypeParameterInstantiation':
        blanks.blank(start, end);
        return true;
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSInstantiationExpression':
        this.#tail(rangeOf(node.expression)[1], end);
        return false;
      case 'TSNonNullExpression':
        blanks.blank(end - 1, end);
        return false;
      case 'ImportSpecifier':
        return node.importKind === 'type' && this.#listed(start, end);
      case 'ExportSpecifier':
        return node.exportKind === 'type' && this.#listed(start, end);
      case 'Identifier':
        if (node.optional === true) blanks.blankFirst('?', start, end);
        return node.name === 'this' && this.#listed(start, end);
      case 'VariableDeclarator':
        if (node.definite === true) blanks.blankFirst('!', start, end);
        return false;
      case 'ArrowFunctionExpression':
        this.#arrow(node);
        return false;
      case 'ClassDeclaration':
      case 'ClassExpression':
        this.#class(node);
        return true;
      default:
        return false;
    }
  }

  /** Blanks a statement. A semicolon keeps the statement before it from continuing. */
  #statement(node: Node): void {
    const [start, end] = rangeOf(node);
    this.blanks.blank(start, end);
    if (this.blanks.goesOn(end)) this.blanks.put(start, ';');
  }

  /** Blanks the type after an expression, and ends the expression if the next line could continue it. */
  #tail(start: number, end: number): void {
    this.blanks.blank(start, end);
    if (this.#openEnds.has(end) && this.blanks.goesOn(end)) this.blanks.put(end - 1, ';');
  }

  /** Blanks a member of a list and the comma after it. */
  #listed(start: number, end: number): true {
    this.blanks.blank(start, this.blanks.commaAfter(end));
    return true;
  }

  /** JavaScript allows no line end between the parameters of an arrow function and its arrow, so a bracket moves. */
  #arrow(node: ArrowFunctionExpression): void {
    const { typeParameters, returnType, params } = node;
    const [start, end] = rangeOf(node);
    const [from, to] = rangeOf(typeParameters ?? { start, end: start });
    if (this.#breaks(from, to)) this.#move('(', this.blanks.find('(', to, end), from);
    if (!returnType) return;
    const last = params.at(-1);
    const [, typeEnd] = rangeOf(returnType);
    const bracket = this.blanks.find(')', last === undefined ? to : rangeOf(last)[1], end);
    if (this.#breaks(bracket, typeEnd)) this.#move(')', bracket, typeEnd - 1);
  }

  #breaks(start: number, end: number): boolean {
    return this.text.slice(start, end).includes('\n');
  }

  #move(character: string, from: number, to: number): void {
    this.blanks.put(from, ' ');
    this.blanks.put(to, character);
  }

  /** Blanks the inside of a class. The class itself stays: a later check refuses it. */
  #class(node: Class): void {
    for (const inside of nodesIn(node.body)) this.#parameterProperties(inside);
    const [start] = rangeOf(node);
    const [bodyStart, bodyEnd] = rangeOf(node.body);
    const keyword = this.blanks.find('class', start, bodyStart);
    const head = node.id ? rangeOf(node.id)[1] : keyword + 'class'.length;
    this.blanks.blank(start, keyword);
    this.blanks.blank(head, bodyStart);
    this.blanks.blank(bodyStart + 1, bodyEnd - 1);
  }

  #parameterProperties(node: Node): void {
    if (node.type === 'TSParameterProperty') this.refuse(node.start ?? 0, PARAMETER_PROPERTY);
    else for (const child of nodesIn(node)) this.#parameterProperties(child);
  }

  #noteEnd(node: Node): void {
    const [, end] = rangeOf(node);
    if (this.text[end - 1] !== ';') this.#openEnds.add(end);
  }
}

/** Whether a statement leaves no code. */
function isOnlyType(node: Node): boolean {
  switch (node.type) {
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
    case 'TSDeclareFunction':
      return true;
    case 'ImportDeclaration':
      return node.importKind === 'type';
    case 'ExportAllDeclaration':
      return node.exportKind === 'type';
    case 'ExportNamedDeclaration':
      return node.exportKind === 'type' || (!!node.declaration && isOnlyType(node.declaration));
    case 'ExportDefaultDeclaration':
      return isOnlyType(node.declaration);
    case 'VariableDeclaration':
    case 'ClassDeclaration':
    case 'TSEnumDeclaration':
    case 'TSModuleDeclaration':
      return node.declare === true;
    default:
      return false;
  }
}

const PARAMETER_PROPERTY =
  'there are no classes in a driver; describe the structure with struct() and write functions';

function whyRefused(node: Node): string | null {
  switch (node.type) {
    case 'TSEnumDeclaration':
      return 'there is no enum here; write one const per value, as in: const CLOSED = 0';
    case 'TSModuleDeclaration':
      return 'there is no namespace here; put its functions and constants at the top level of the file';
    case 'TSImportEqualsDeclaration':
      return "import ... = require() is not supported; write import { names } from '#lib'";
    case 'TSExportAssignment':
    case 'TSNamespaceExportDeclaration':
      return 'export = is not supported; put the word export before each function or constant';
    case 'TSTypeAssertion':
      return 'write the cast as (value as Type); the <Type>value form is not supported';
    default:
      return null;
  }
}

/** Whether a statement may end without a semicolon. The declarations in the head of a for loop may not. */
function endsOpen(node: Node, parent: Node | null): boolean {
  switch (node.type) {
    case 'VariableDeclaration':
      return !/^For.*Statement$/.test(parent?.type ?? '');
    case 'ExpressionStatement':
    case 'ReturnStatement':
    case 'ThrowStatement':
    case 'ExportDefaultDeclaration':
      return true;
    default:
      return false;
  }
}

function rangeOf({ start, end }: Pick<Node, 'start' | 'end'>): [start: number, end: number] {
  return [start ?? 0, end ?? 0];
}
