// SPDX-License-Identifier: GPL-2.0-only
/**
 * Finding, reading and compiling two hundred small files takes longer than most commands take to run. A pack is one file with
 * everything that a process loads: the target of each import, every source, and V8's code for it. A source is used only while its
 * file has the same size and time. A build that adds or removes a file deletes the packs. So a pack can be out of date but not
 * wrong. Without a pack everything loads as usual.
 *
 * The names of files and lines do not change, because reports read stacks.
 */
import fs from 'node:fs';
import Module, { createRequire } from 'node:module';
import path from 'node:path';
import vm from 'node:vm';

/** The folder of the packs: beside their sources, with the same protection. */
const PACKS = path.resolve(__dirname, '..', '..', '.packs');

/** Files of ours that use import() later are not packed: packed code cannot do that. */
const OURS = path.dirname(PACKS);

/** From now on loads from the pack of this name, if there is one for this version of Node. */
export function usePack(name: string): void {
  const pack = opened(path.join(PACKS, `${name}.pack`));
  if (pack === null) return;
  const { entries, data } = pack;
  const current = new Map<string, boolean>();
  /** The packed entry of a file, if the file has not changed. */
  const packed = (file: string): Entry | null => {
    const entry = entries.get(file);
    if (entry === undefined) return null;
    if (!current.has(file)) current.set(file, isCurrent(entry));
    return current.get(file) === true ? entry : null;
  };
  const { loader, javascript, resolve } = originals();
  loader._resolveFilename = (request, parent, ...rest) => {
    const known = entries.get(parent?.filename ?? '')?.imports[request];
    if (known !== undefined && packed(known) !== null) return known;
    return resolve(request, parent, ...rest);
  };
  loader._extensions['.js'] = (module, filename) => {
    const entry = packed(filename);
    if (entry === null) {
      javascript(module, filename);
      return;
    }
    const text = data.toString(entry.latin1 ? 'latin1' : 'utf8', ...entry.source);
    run(module, filename, compiled(filename, text, data.subarray(...entry.code)));
  };
}

/** From now on records what is loaded; the returned function writes the pack. */
export function record(name: string): () => void {
  const modules = new Map<string, { text: string; script: vm.Script }>();
  const imports = new Map<string, Record<string, string>>();
  const { loader, javascript, resolve } = originals();
  loader._resolveFilename = (request, parent, ...rest) => {
    const found = resolve(request, parent, ...rest);
    if (typeof parent?.filename === 'string' && path.isAbsolute(found)) {
      const known = imports.get(parent.filename) ?? {};
      imports.set(parent.filename, { ...known, [request]: found });
    }
    return found;
  };
  loader._extensions['.js'] = (module, filename) => {
    const text = Module.wrap(fs.readFileSync(filename, 'utf8'));
    const script =
      filename.startsWith(OURS) && text.includes('import(') ? null : tried(filename, text);
    if (script === null) {
      javascript(module, filename);
      return;
    }
    modules.set(filename, { text, script });
    run(module, filename, script);
  };
  return () => {
    write(name, modules, imports);
  };
}

interface Entry {
  readonly file: string;
  readonly size: number;
  readonly mtimeMs: number;
  readonly imports: Readonly<Record<string, string>>;
  readonly latin1: boolean;
  /** The range of its source in the data, and the range of V8's code. */
  readonly source: readonly [start: number, end: number];
  readonly code: readonly [start: number, end: number];
}

interface Contents {
  readonly version: string;
  readonly modules: readonly Entry[];
}

/** V8's code fits only one version of Node on one kind of processor. */
const VERSION = [process.version, process.arch, process.platform].join(' ');

/** The part of Node's loader that is replaced. It has been stable, and used by others, since Node 0.12. */
interface Loader {
  _resolveFilename: (request: string, parent: Parent | null, ...rest: unknown[]) => string;
  readonly _extensions: Record<string, (module: NodeJS.Module, filename: string) => void>;
}

interface Parent {
  readonly filename?: string | null;
}

function originals(): {
  loader: Loader;
  javascript: (module: NodeJS.Module, filename: string) => void;
  resolve: Loader['_resolveFilename'];
} {
  const loader = Module as unknown as Loader; // Node's types do not include it
  const javascript = loader._extensions['.js'];
  if (javascript === undefined) throw new Error('pack: this Node loads no JavaScript');
  return { loader, javascript, resolve: loader._resolveFilename.bind(loader) };
}

function isCurrent({ file, size, mtimeMs }: Entry): boolean {
  const now = fs.statSync(file, { throwIfNoEntry: false });
  return now?.size === size && now.mtimeMs === mtimeMs;
}

function compiled(filename: string, text: string, cachedData?: Buffer): vm.Script {
  return new vm.Script(text, {
    filename,
    // The wrapper comes before the first line and must not move its columns.
    columnOffset: -WRAPPER_LENGTH,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
}

/** The same; null for a file that is not such a script, as an ES module loads in another way. */
function tried(filename: string, text: string): vm.Script | null {
  try {
    return compiled(filename, text);
  } catch {
    return null;
  }
}

const WRAPPER_LENGTH = Module.wrap('').indexOf('\n});');

type Wrapped = (
  exports: unknown,
  require: object,
  module: NodeJS.Module,
  filename: string,
  dirname: string,
) => void;

function run(module: NodeJS.Module, filename: string, script: vm.Script): void {
  const wrapped = script.runInThisContext() as Wrapped; // Module.wrap() makes such a function
  const ofModule = (id: string): unknown => module.require(id);
  Object.defineProperty(ofModule, 'resolve', { get: () => createRequire(filename).resolve });
  Object.assign(ofModule, { main: require.main, cache: require.cache });
  wrapped.call(module.exports, module.exports, ofModule, module, filename, path.dirname(filename));
}

function write(
  name: string,
  modules: ReadonlyMap<string, { text: string; script: vm.Script }>,
  imports: ReadonlyMap<string, Record<string, string>>,
): void {
  const parts: Buffer[] = [];
  let length = 0;
  const add = (part: Buffer): [number, number] => {
    parts.push(part);
    length += part.length;
    return [length - part.length, length];
  };
  const entries = [...modules].map(([file, { text, script }]): Entry => {
    const { size, mtimeMs } = fs.statSync(file);
    const latin1 = /^[\0-\xff]*$/.test(text);
    const source = add(Buffer.from(text, latin1 ? 'latin1' : 'utf8'));
    const code = add(script.createCachedData());
    return { file, size, mtimeMs, imports: imports.get(file) ?? {}, latin1, source, code };
  });
  const contents: Contents = { version: VERSION, modules: entries };
  const header = Buffer.from(JSON.stringify(contents), 'utf8');
  const start = Buffer.alloc(4);
  start.writeUInt32LE(header.length);
  fs.mkdirSync(PACKS, { recursive: true });
  const file = path.join(PACKS, `${name}.pack`);
  fs.writeFileSync(`${file}.${process.pid}`, Buffer.concat([start, header, ...parts]));
  fs.renameSync(`${file}.${process.pid}`, file);
}

/** The contents of a pack; null if there is none that can be used here. */
function opened(file: string): { entries: ReadonlyMap<string, Entry>; data: Buffer } | null {
  try {
    const bytes = fs.readFileSync(file);
    const end = 4 + bytes.readUInt32LE(0);
    const { version, modules } = JSON.parse(bytes.toString('utf8', 4, end)) as Contents; // write() made it
    if (version !== VERSION) return null;
    return {
      entries: new Map(modules.map((entry) => [entry.file, entry])),
      data: bytes.subarray(end),
    };
  } catch {
    return null;
  }
}
