// SPDX-License-Identifier: GPL-2.0-only
/** Clients of gup.ts: the threads of a process that maps a file it may only read, and a debugger. */
import type { Part } from './client';

export const privateMapping: Part = {
  text: `interface World {
  readonly file: StructOf<typeof driver.address_space>;
  readonly mm: StructOf<typeof driver.mm_struct>;
}
function* world(): Op<World> {
  const file = yield* kzalloc(driver.address_space, GFP_KERNEL);
  if (file === null) throw new Error('set-up code has no memory');
  for (const index of [0, 1]) {
    const page = yield* driver.alloc_page();
    if (page === null) throw new Error('set-up code has no memory');
    yield* WRITE_ONCE(page, 'data', 10);
    file.page_tree[index] = page;
  }
  const mm = yield* driver.mm_alloc(file, driver.VM_READ | driver.VM_MAYWRITE);
  if (mm === null) throw new Error('set-up code has no memory');
  return { file, mm };
}
function* fork({ mm }: World): Op<number> {
  const child = yield* driver.dup_mm(mm);
  if (child === null) return -ENOMEM;
  const data = yield* driver.load(child, 0);
  yield* driver.exit_mmap(child);
  return data;
}
function* left({ file, mm }: World): Op<string> {
  const seen = [yield* driver.load(mm, 0), yield* driver.load(mm, 1)];
  yield* driver.exit_mmap(mm);
  for (const index of [0, 1]) {
    const page = file.page_tree[index];
    if (page === null || page === undefined) continue;
    seen.push(yield* READ_ONCE(page, 'data'));
    yield* driver.put_page(page);
  }
  yield* kfree(file);
  return [...seen, allocated(driver.page)].join();
}`,
  calls: [
    'yield* driver.mem_write(w.mm, 0, 77, 1)',
    'yield* driver.madvise(w.mm, 0, 1, driver.MADV_DONTNEED)',
    'yield* driver.do_page_fault(w.mm, 0, 0)',
    'yield* driver.mem_read(w.mm, 0)',
    'yield* driver.store(w.mm, 0, 5)',
    'yield* fork(w)',
  ],
  failures: { kmalloc: 1 },
  left: 'yield* left(w)',
};
