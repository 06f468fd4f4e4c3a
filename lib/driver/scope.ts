// SPDX-License-Identifier: GPL-2.0-only
/** The bindings of a driver, and the binding that every use of a name refers to. */
import type { AnyNode, Identifier, Pattern, Program } from 'acorn';
import { type FunctionNode, isFunction, walk } from './ast';

/** One declared name. */
export interface Binding {
  readonly name: string;
  readonly kind: 'import' | 'function' | 'class' | 'const' | 'let' | 'var' | 'param' | 'catch';
  /** Declared at file scope? */
  readonly top: boolean;
  /** The identifier that declares it. */
  readonly id: Identifier;
  /** The function or initialiser that gives its value, if the text shows it. */
  readonly value: AnyNode | null;
  /** For an import: the name on the library's side. */
  readonly imported: string | null;
  readonly references: Identifier[];
}

/** The names of one driver, resolved. */
export class Names {
  /** All nodes, parents before children. */
  readonly nodes: readonly AnyNode[];
  readonly bindings: readonly Binding[];
  /** Names that the file does not declare. */
  readonly globals: readonly Identifier[];
  readonly #parents: ReadonlyMap<AnyNode, AnyNode>;
  readonly #resolved: ReadonlyMap<Identifier, Binding>;

  constructor(program: Program) {
    const parents = new Map<AnyNode, AnyNode>();
    const nodes: AnyNode[] = [];
    walk(program, (node, parent) => {
      nodes.push(node);
      if (parent !== null) parents.set(node, parent);
    });
    this.nodes = nodes;
    this.#parents = parents;
    const scopes = new Map<AnyNode, Map<string, Binding>>();
    const declaring = new Set<Identifier>();
    this.bindings = this.#declare(scopes, declaring);
    const globals: Identifier[] = [];
    this.#resolved = this.#resolve(scopes, declaring, globals);
    this.globals = globals;
  }

  parentOf(node: AnyNode): AnyNode | null {
    return this.#parents.get(node) ?? null;
  }

  /** The binding a use of a name refers to; null for a global. */
  bindingOf(id: Identifier): Binding | null {
    return this.#resolved.get(id) ?? null;
  }

  /** The innermost function around a node, itself excluded. */
  functionAround(node: AnyNode): FunctionNode | null {
    for (let up = this.parentOf(node); up !== null; up = this.parentOf(up))
      if (isFunction(up)) return up;
    return null;
  }

  #declare(scopes: Map<AnyNode, Map<string, Binding>>, declaring: Set<Identifier>): Binding[] {
    const all: Binding[] = [];
    for (const node of this.nodes) {
      for (const declared of declarations(node)) {
        declaring.add(declared.id);
        const scope = this.#scopeFor(node, declared.kind);
        const binding: Binding = {
          ...declared,
          name: declared.id.name,
          top: scope.type === 'Program',
          references: [],
        };
        const names = scopes.get(scope) ?? new Map<string, Binding>();
        scopes.set(scope, names.set(binding.name, binding));
        all.push(binding);
      }
    }
    return all;
  }

  /** The scope of a declaration made by `node`. Parameters and a function expression's own name belong to the function. */
  #scopeFor(node: AnyNode, kind: Binding['kind']): AnyNode {
    if (
      kind === 'param' ||
      kind === 'catch' ||
      node.type === 'FunctionExpression' ||
      node.type === 'ClassExpression'
    )
      return node;
    let scope = this.parentOf(node);
    while (scope !== null && !(kind === 'var' ? holdsVars(scope) : holdsNames(scope)))
      scope = this.parentOf(scope);
    return scope ?? node;
  }

  #resolve(
    scopes: ReadonlyMap<AnyNode, ReadonlyMap<string, Binding>>,
    declaring: ReadonlySet<Identifier>,
    globals: Identifier[],
  ): Map<Identifier, Binding> {
    const resolved = new Map<Identifier, Binding>();
    for (const node of this.nodes) {
      if (
        node.type !== 'Identifier' ||
        declaring.has(node) ||
        !isReference(node, this.parentOf(node))
      )
        continue;
      let binding: Binding | undefined;
      for (
        let up: AnyNode | null = node;
        up !== null && binding === undefined;
        up = this.parentOf(up)
      ) {
        binding = scopes.get(up)?.get(node.name);
      }
      if (binding === undefined) globals.push(node);
      else {
        resolved.set(node, binding);
        binding.references.push(node);
      }
    }
    return resolved;
  }
}

function holdsVars(node: AnyNode): boolean {
  return node.type === 'Program' || node.type === 'StaticBlock' || isFunction(node);
}

function holdsNames(node: AnyNode): boolean {
  return (
    holdsVars(node) ||
    /^(?:BlockStatement|For(?:In|Of)?Statement|SwitchStatement|CatchClause)$/.test(node.type)
  );
}

type Declared = Pick<Binding, 'kind' | 'id' | 'value' | 'imported'>;

function declarations(node: AnyNode): Declared[] {
  const plain = (kind: Binding['kind'], id: Identifier, value: AnyNode | null): Declared => ({
    kind,
    id,
    value,
    imported: null,
  });
  switch (node.type) {
    case 'ImportDeclaration':
      return node.specifiers.map((s) => {
        const imported =
          s.type === 'ImportSpecifier' && s.imported.type === 'Identifier' ? s.imported.name : null;
        return { kind: 'import', id: s.local, value: null, imported };
      });
    case 'VariableDeclaration': {
      const kind = node.kind === 'var' || node.kind === 'let' ? node.kind : 'const';
      return node.declarations.flatMap((d) =>
        d.id.type === 'Identifier'
          ? [plain(kind, d.id, d.init ?? null)]
          : patternNames(d.id).map((id) => plain(kind, id, null)),
      );
    }
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression': {
      const own = node.id ? [plain('function', node.id, node)] : [];
      return [...own, ...node.params.flatMap(patternNames).map((id) => plain('param', id, null))];
    }
    case 'ClassDeclaration':
    case 'ClassExpression':
      return node.id ? [plain('class', node.id, node)] : [];
    case 'CatchClause':
      return node.param ? patternNames(node.param).map((id) => plain('catch', id, null)) : [];
    default:
      return [];
  }
}

/** The names a pattern binds or assigns, left to right. */
function patternNames(pattern: Pattern): Identifier[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern];
    case 'ObjectPattern':
      return pattern.properties.flatMap((p) =>
        patternNames(p.type === 'RestElement' ? p.argument : p.value),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap((e) => (e === null ? [] : patternNames(e)));
    case 'RestElement':
      return patternNames(pattern.argument);
    case 'AssignmentPattern':
      return patternNames(pattern.left);
    case 'MemberExpression':
      return [];
  }
}

/** Whether this identifier is a use of a variable, not the name of a property, a label or an export. */
function isReference(id: Identifier, parent: AnyNode | null): boolean {
  switch (parent?.type) {
    case 'MemberExpression':
      return parent.object === id || parent.computed;
    case 'Property':
    case 'PropertyDefinition':
    case 'MethodDefinition':
      return parent.value === id || parent.computed;
    case 'ExportSpecifier':
      return parent.local === id;
    case 'ImportSpecifier':
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
    case 'MetaProperty':
      return false;
    default:
      return true;
  }
}
