// SPDX-License-Identifier: GPL-2.0-only
/**
 * mm/gup.c as of Linux 4.8, before commit 19be0eaffa3a ("mm: remove gup_flags FOLL_WRITE games from __get_user_pages()", 2016), with as
 * much of mm/memory.c, mm/madvise.c, kernel/fork.c, fs/proc/base.c and arch/x86/mm/fault.c as it needs.
 *
 * A process maps two pages of a file. A private mapping shows the pages of the file until somebody writes to it: then it has a copy of
 * its own. A debugger may write to it even if the process itself may not.
 */
import {
  array,
  atomic_dec,
  atomic_dec_and_test,
  atomic_inc,
  atomic_read,
  atomic_set,
  atomic_t,
  bool,
  down_read,
  down_write,
  EFAULT,
  EINVAL,
  EIO,
  ENOMEM,
  ERR_PTR,
  type errptr,
  GFP_KERNEL,
  init_rwsem,
  int,
  IS_ERR,
  kfree,
  kmalloc,
  kzalloc,
  type Op,
  type out,
  ptr,
  READ_ONCE,
  rw_semaphore,
  spin_lock,
  spin_lock_init,
  spin_unlock,
  spinlock_t,
  struct,
  type StructOf,
  up_read,
  up_write,
  WRITE_ONCE,
} from '#lib';

/* include/linux/mm.h; of vm_flags */
export const VM_READ = 0x1;
export const VM_WRITE = 0x2;
export const VM_SHARED = 0x8;
export const VM_MAYWRITE = 0x20;

/* what handle_mm_fault() is told, and what it gives */
export const FAULT_FLAG_WRITE = 0x1;
const VM_FAULT_OOM = 0x1;
const VM_FAULT_SIGBUS = 0x2;
const VM_FAULT_WRITE = 0x8; /* do_wp_page() has done all that a write needs */
const VM_FAULT_NOPAGE = 0x100; /* somebody else was faster */
const VM_FAULT_ERROR = VM_FAULT_OOM | VM_FAULT_SIGBUS;

/* of get_user_pages() */
export const FOLL_WRITE = 0x1; /* the page is going to be written to */
export const FOLL_FORCE = 0x10; /* even if the process may not */
const FOLL_COW = 0x4000; /* only in here: there has been a copy */

export const MADV_DONTNEED = 4;

/* of pte_t */
const _PAGE_RW = 0x2;
const _PAGE_DIRTY = 0x40;

/** How many pages a mapping has. An address is the number of a page. */
const PTRS_PER_PTE = 2;

export const page = struct('page', {
  data: int /* what is in it */,
  anon: bool /* PageAnon(): a copy, which belongs to no file */,
  _refcount: atomic_t,
  _mapcount: atomic_t /* how many page table entries show it */,
});
export interface page extends StructOf<typeof page> {}

/** The page cache of a file. */
export const address_space = struct('address_space', {
  page_tree: array(ptr<page>(), PTRS_PER_PTE),
});
export interface address_space extends StructOf<typeof address_space> {}

/** An entry of a page table; under page_table_lock. */
export const pte_t = struct('pte_t', { page: ptr<page>(), flags: int });
export interface pte_t extends StructOf<typeof pte_t> {}

/** A mapping of a file, from address 0 on. */
export const vm_area_struct = struct('vm_area_struct', {
  vm_mm: ptr.unchecked<mm_struct>(),
  vm_flags: int,
  vm_file: ptr.unchecked<address_space>(),
});
export interface vm_area_struct extends StructOf<typeof vm_area_struct> {}

/** The memory of a process: one mapping, and its page table. */
export const mm_struct = struct('mm_struct', {
  mmap_sem: rw_semaphore /* for reading: the mapping stays as it is; its pages may come and go */,
  page_table_lock: spinlock_t,
  mmap: vm_area_struct,
  pte0: pte_t,
  pte1: pte_t,
});
export interface mm_struct extends StructOf<typeof mm_struct> {}

/* include/linux/mm.h */

function* get_page(page: page): Op<void> {
  yield* atomic_inc(page._refcount);
}

/** Drops a reference; the last one frees the page. */
export function* put_page(page: page): Op<void> {
  if (yield* atomic_dec_and_test(page._refcount)) yield* kfree(page);
}

/** A new page, for the caller. What is in it is anybody's guess. */
export function* alloc_page(): Op<page | null> {
  const page_ = yield* kmalloc(page, GFP_KERNEL);
  if (page_ === null) return null;
  yield* atomic_set(page_._refcount, 1);
  yield* atomic_set(page_._mapcount, 0);
  page_.anon = false;
  return page_;
}

function is_cow_mapping(vm_flags: number): boolean {
  return (vm_flags & (VM_SHARED | VM_MAYWRITE)) === VM_MAYWRITE;
}

/* arch/x86/include/asm/pgtable.h: entries, as values */

interface pteval_t {
  readonly page: page | null;
  readonly flags: number;
}

function ptep_get(ptep: pte_t): pteval_t {
  return { page: ptep.page, flags: ptep.flags };
}
function pte_write(pte: pteval_t): boolean {
  return (pte.flags & _PAGE_RW) !== 0;
}
function pte_dirty(pte: pteval_t): boolean {
  return (pte.flags & _PAGE_DIRTY) !== 0;
}
function pte_page(pte: pteval_t): page {
  return pte.page as page; // the caller has seen that there is one
}
function mk_pte(page: page): pteval_t {
  return { page, flags: 0 };
}
function pte_mkdirty(pte: pteval_t): pteval_t {
  return { page: pte.page, flags: pte.flags | _PAGE_DIRTY };
}
function pte_wrprotect(pte: pteval_t): pteval_t {
  return { page: pte.page, flags: pte.flags & ~_PAGE_RW };
}
/** A process may write to the page only if it may write to the mapping. A debugger may fault a page in for a write all the same. */
function maybe_mkwrite(pte: pteval_t, vma: vm_area_struct): pteval_t {
  return vma.vm_flags & VM_WRITE ? { page: pte.page, flags: pte.flags | _PAGE_RW } : pte;
}
function set_pte_at(ptep: pte_t, pte: pteval_t): void {
  ptep.page = pte.page;
  ptep.flags = pte.flags;
}
function pte_offset_map(mm: mm_struct, address: number): pte_t {
  return address === 0 ? mm.pte0 : mm.pte1;
}

/* mm/memory.c */

/** What is in a page belongs to user space, which may change it at any moment. */
function* copy_user_highpage(to: page, from: page): Op<void> {
  yield* WRITE_ONCE(to, 'data', yield* READ_ONCE(from, 'data'));
}

/** The page of the file. It stays in the page cache as long as somebody maps the file. */
function __do_fault(vma: vm_area_struct, address: number): page | null {
  return vma.vm_file.page_tree[address] ?? null;
}

/** Sets up a new entry, if there is still none. Takes the lock; the caller releases it. */
function* alloc_set_pte(
  vma: vm_area_struct,
  address: number,
  flags: number,
  page: page,
): Op<number> {
  const ptep = pte_offset_map(vma.vm_mm, address);
  yield* spin_lock(vma.vm_mm.page_table_lock);

  /* Look again, with the lock held. */
  if (ptep.page !== null) return VM_FAULT_NOPAGE;

  let entry = mk_pte(page);
  if (flags & FAULT_FLAG_WRITE) {
    entry = maybe_mkwrite(pte_mkdirty(entry), vma);
    if (!(vma.vm_flags & VM_SHARED)) page.anon = true;
  }
  yield* atomic_inc(page._mapcount);
  set_pte_at(ptep, entry);
  return 0;
}

/** There is no entry, and the page is only read: shows the page of the file. So does do_shared_fault(), as the file may be written to. */
function* do_read_fault(vma: vm_area_struct, address: number, flags: number): Op<number> {
  const fault_page = __do_fault(vma, address);
  if (fault_page === null) return VM_FAULT_SIGBUS;
  yield* get_page(fault_page);

  const ret = yield* alloc_set_pte(vma, address, flags, fault_page);
  yield* spin_unlock(vma.vm_mm.page_table_lock);
  if (ret & VM_FAULT_NOPAGE) yield* put_page(fault_page);
  return ret;
}

/** There is no entry, and the page of a private mapping is written to: shows a copy. */
function* do_cow_fault(vma: vm_area_struct, address: number, flags: number): Op<number> {
  const new_page = yield* alloc_page();
  if (new_page === null) return VM_FAULT_OOM;

  const fault_page = __do_fault(vma, address);
  if (fault_page === null) {
    yield* put_page(new_page);
    return VM_FAULT_SIGBUS;
  }
  yield* copy_user_highpage(new_page, fault_page);

  const ret = yield* alloc_set_pte(vma, address, flags, new_page);
  yield* spin_unlock(vma.vm_mm.page_table_lock);
  if (ret & VM_FAULT_NOPAGE) yield* put_page(new_page);
  return ret;
}

function* do_fault(vma: vm_area_struct, address: number, flags: number): Op<number> {
  if (flags & FAULT_FLAG_WRITE && !(vma.vm_flags & VM_SHARED)) {
    return yield* do_cow_fault(vma, address, flags);
  }
  return yield* do_read_fault(vma, address, flags); /* or do_shared_fault() */
}

/** The page need not be copied: it may be written to as it is. Releases the lock. */
function* wp_page_reuse(vma: vm_area_struct, ptep: pte_t, orig_pte: pteval_t): Op<number> {
  set_pte_at(ptep, maybe_mkwrite(pte_mkdirty(orig_pte), vma));
  yield* spin_unlock(vma.vm_mm.page_table_lock);
  return VM_FAULT_WRITE;
}

/** Shows a copy of the page. Called without the lock, and drops a reference to old_page. */
function* wp_page_copy(
  vma: vm_area_struct,
  ptep: pte_t,
  orig_pte: pteval_t,
  old_page: page,
): Op<number> {
  const mm = vma.vm_mm;
  const new_page = yield* alloc_page();
  if (new_page === null) {
    yield* put_page(old_page);
    return VM_FAULT_OOM;
  }
  yield* copy_user_highpage(new_page, old_page);

  /* Look at the entry again: the lock was released. */
  yield* spin_lock(mm.page_table_lock);
  const page_copied = ptep.page === orig_pte.page && ptep.flags === orig_pte.flags; /* pte_same() */
  if (page_copied) {
    new_page.anon = true;
    yield* atomic_inc(new_page._mapcount);
    set_pte_at(ptep, maybe_mkwrite(pte_mkdirty(mk_pte(new_page)), vma));
    yield* atomic_dec(old_page._mapcount);
  }
  yield* put_page(page_copied ? old_page : new_page);
  yield* spin_unlock(mm.page_table_lock);
  yield* put_page(old_page);
  return page_copied ? VM_FAULT_WRITE : 0;
}

/** A write to a page that may not be written to. Called with the lock held, and releases it. */
function* do_wp_page(vma: vm_area_struct, ptep: pte_t, orig_pte: pteval_t): Op<number> {
  const old_page = pte_page(orig_pte);
  const shared = VM_WRITE | VM_SHARED;

  if (
    old_page.anon
      ? (yield* atomic_read(old_page._mapcount)) === 1
      : (vma.vm_flags & shared) === shared
  ) {
    return yield* wp_page_reuse(vma, ptep, orig_pte);
  }

  yield* get_page(old_page);
  yield* spin_unlock(vma.vm_mm.page_table_lock);
  return yield* wp_page_copy(vma, ptep, orig_pte, old_page);
}

function* handle_pte_fault(vma: vm_area_struct, address: number, flags: number): Op<number> {
  const ptep = pte_offset_map(vma.vm_mm, address);

  yield* spin_lock(vma.vm_mm.page_table_lock);
  const entry = ptep_get(ptep);
  if (entry.page !== null && flags & FAULT_FLAG_WRITE && !pte_write(entry)) {
    return yield* do_wp_page(vma, ptep, entry);
  }
  yield* spin_unlock(vma.vm_mm.page_table_lock);
  return entry.page === null ? yield* do_fault(vma, address, flags) : 0;
}

/** Mends the entry of an address, for an access that it does not allow. The caller holds mmap_sem. */
function* handle_mm_fault(vma: vm_area_struct, address: number, flags: number): Op<number> {
  return yield* handle_pte_fault(vma, address, flags);
}

/** Forgets the pages of a range. The next access finds what it would have found at first. */
function* zap_page_range(vma: vm_area_struct, start: number, end: number): Op<void> {
  const mm = vma.vm_mm;
  for (let address = start; address < end; address++) {
    const ptep = pte_offset_map(mm, address);
    yield* spin_lock(mm.page_table_lock);
    const page = ptep.page;
    if (page !== null) {
      set_pte_at(ptep, { page: null, flags: 0 });
      yield* atomic_dec(page._mapcount);
    }
    yield* spin_unlock(mm.page_table_lock);
    if (page !== null) yield* put_page(page);
  }
}

/* mm/gup.c */

/** FOLL_FORCE may write to what the process may not write to, but only after a copy was made, and as long as it is there: it is dirty. */
function can_follow_write_pte(pte: pteval_t, flags: number): boolean {
  return (
    pte_write(pte) || ((flags & FOLL_FORCE) !== 0 && (flags & FOLL_COW) !== 0 && pte_dirty(pte))
  );
}

/** The page of an entry, with a reference; null if the entry does not allow the access. */
function* follow_page_pte(vma: vm_area_struct, address: number, flags: number): Op<page | null> {
  const ptep = pte_offset_map(vma.vm_mm, address);
  yield* spin_lock(vma.vm_mm.page_table_lock);
  const pte = ptep_get(ptep);
  if (pte.page === null || (flags & FOLL_WRITE && !can_follow_write_pte(pte, flags))) {
    yield* spin_unlock(vma.vm_mm.page_table_lock);
    return null;
  }
  yield* get_page(pte.page);
  yield* spin_unlock(vma.vm_mm.page_table_lock);
  return pte.page;
}

/** Has an address faulted in, as an access of the process would. */
function* faultin_page(vma: vm_area_struct, address: number, flags: out<number>): Op<number> {
  const fault_flags = flags.value & FOLL_WRITE ? FAULT_FLAG_WRITE : 0;

  const ret = yield* handle_mm_fault(vma, address, fault_flags);
  if (ret & VM_FAULT_ERROR) return ret & VM_FAULT_OOM ? -ENOMEM : -EFAULT;

  /*
   * VM_FAULT_WRITE says that do_wp_page() has made a copy if one was needed, even if maybe_mkwrite() has not made the entry writable.
   * The copy may be gone when the page is looked up, so that is still a lookup for a write. Only say so if waiting for a writable entry
   * is futile: where the process may write as well, it may get another copy when it does.
   */
  if (ret & VM_FAULT_WRITE && !(vma.vm_flags & VM_WRITE)) flags.value |= FOLL_COW;
  return 0;
}

function check_vma_flags(vma: vm_area_struct, gup_flags: number): number {
  const vm_flags = vma.vm_flags;

  if (gup_flags & FOLL_WRITE) {
    if (!(vm_flags & VM_WRITE)) {
      if (!(gup_flags & FOLL_FORCE)) return -EFAULT;
      /* A breakpoint goes into a copy. What is shared has none. */
      if (!is_cow_mapping(vm_flags)) return -EFAULT;
    }
  } else if (!(vm_flags & VM_READ) && !(gup_flags & FOLL_FORCE)) return -EFAULT;
  return 0;
}

/** Pins the page of an address. The caller holds mmap_sem, and drops the reference. */
function* __get_user_pages(mm: mm_struct, start: number, gup_flags: number): Op<page | errptr> {
  const foll_flags = { value: gup_flags };
  const vma = find_vma(mm, start);

  if (vma === null || check_vma_flags(vma, gup_flags) !== 0) return ERR_PTR(-EFAULT);
  for (;;) {
    const page = yield* follow_page_pte(vma, start, foll_flags.value);
    if (page !== null) return page;
    const ret = yield* faultin_page(vma, start, foll_flags);
    if (ret !== 0) return ERR_PTR(ret);
  }
}

/** Pins the page of an address: for those who do not hold mmap_sem. */
export function* get_user_pages_unlocked(
  mm: mm_struct,
  start: number,
  gup_flags: number,
): Op<page | errptr> {
  yield* down_read(mm.mmap_sem);
  const page = yield* __get_user_pages(mm, start, gup_flags);
  yield* up_read(mm.mmap_sem);
  return page;
}

/* mm/memory.c, for fs/proc/base.c */

/** Reads or writes the memory of another process, len pages from addr on. Gives how many it was. */
function* __access_remote_vm(
  mm: mm_struct,
  addr: number,
  buf: out<number>,
  len: number,
  write: boolean,
): Op<number> {
  let done = 0;

  yield* down_read(mm.mmap_sem);
  /* No errors: only how far it came. */
  while (done < len) {
    const gup_flags = (write ? FOLL_WRITE : 0) | FOLL_FORCE;
    const page = yield* __get_user_pages(mm, addr + done, gup_flags);
    if (IS_ERR(page)) break;
    if (write) yield* WRITE_ONCE(page, 'data', buf.value);
    else buf.value = yield* READ_ONCE(page, 'data');
    yield* put_page(page);
    done++;
  }
  yield* up_read(mm.mmap_sem);
  return done;
}

/** Reads a page of /proc/PID/mem: what is in it, or an error. */
export function* mem_read(mm: mm_struct, addr: number): Op<number> {
  const buf = { value: 0 };
  return (yield* __access_remote_vm(mm, addr, buf, 1, false)) === 0 ? -EIO : buf.value;
}

/** Writes the same to len pages of /proc/PID/mem. Gives how many were written to, or an error. */
export function* mem_write(mm: mm_struct, addr: number, data: number, len: number): Op<number> {
  const copied = yield* __access_remote_vm(mm, addr, { value: data }, len, true);
  return copied === 0 ? -EIO : copied;
}

/* mm/madvise.c */

/** madvise(): the process does not need these pages any more. */
export function* madvise(mm: mm_struct, start: number, len: number, behavior: number): Op<number> {
  if (behavior !== MADV_DONTNEED) return -EINVAL;
  if (start < 0 || start + len > PTRS_PER_PTE) return -ENOMEM;

  /* The mapping itself does not change, so those who look pages up need not be kept out. */
  yield* down_read(mm.mmap_sem);
  yield* zap_page_range(mm.mmap, start, start + len);
  yield* up_read(mm.mmap_sem);
  return 0;
}

/* mm/mmap.c and kernel/fork.c */

function find_vma(mm: mm_struct, address: number): vm_area_struct | null {
  return address >= 0 && address < PTRS_PER_PTE ? mm.mmap : null;
}

/** A process that maps a file. */
export function* mm_alloc(vm_file: address_space, vm_flags: number): Op<mm_struct | null> {
  const mm = yield* kzalloc(mm_struct, GFP_KERNEL);
  if (mm === null) return null;
  yield* init_rwsem(mm.mmap_sem);
  yield* spin_lock_init(mm.page_table_lock);
  mm.mmap.vm_mm = mm;
  mm.mmap.vm_flags = vm_flags;
  mm.mmap.vm_file = vm_file;
  return mm;
}

/** The process is gone. */
export function* exit_mmap(mm: mm_struct): Op<void> {
  yield* zap_page_range(mm.mmap, 0, PTRS_PER_PTE);
  yield* kfree(mm);
}

/** Parent and child show the same page, until one of them writes to it. */
function* copy_one_pte(dst_pte: pte_t, src_pte: pte_t, vm_flags: number): Op<void> {
  let pte = ptep_get(src_pte);
  if (pte.page === null) return;

  /* A private page may not be written to any more, by neither of them. It stays as dirty as it was. */
  if (is_cow_mapping(vm_flags)) {
    pte = pte_wrprotect(pte);
    set_pte_at(src_pte, pte);
  }
  yield* get_page(pte_page(pte));
  yield* atomic_inc(pte_page(pte)._mapcount);
  set_pte_at(dst_pte, pte);
}

/** fork() */
export function* dup_mm(oldmm: mm_struct): Op<mm_struct | null> {
  const mm = yield* mm_alloc(oldmm.mmap.vm_file, oldmm.mmap.vm_flags);
  if (mm === null) return null;

  yield* down_write(oldmm.mmap_sem);
  yield* spin_lock(oldmm.page_table_lock);
  for (let address = 0; address < PTRS_PER_PTE; address++) {
    const src_pte = pte_offset_map(oldmm, address);
    yield* copy_one_pte(pte_offset_map(mm, address), src_pte, oldmm.mmap.vm_flags);
  }
  yield* spin_unlock(oldmm.page_table_lock);
  yield* up_write(oldmm.mmap_sem);
  return mm;
}

/* arch/x86/mm/fault.c, and what the processor does */

/** The process has touched an address whose entry does not allow it: 0, or an error if a signal ends it. */
export function* do_page_fault(mm: mm_struct, address: number, flags: number): Op<number> {
  let fault = VM_FAULT_SIGBUS; /* or SIGSEGV */

  yield* down_read(mm.mmap_sem);
  const vma = find_vma(mm, address);
  const needs = flags & FAULT_FLAG_WRITE ? VM_WRITE : VM_READ;
  if (vma !== null && vma.vm_flags & needs) fault = yield* handle_mm_fault(vma, address, flags);
  yield* up_read(mm.mmap_sem);

  if (fault & VM_FAULT_ERROR) return fault & VM_FAULT_OOM ? -ENOMEM : -EFAULT;
  return 0;
}

/** One access of the process: reads a page, or writes to it if there is data. */
function* access(mm: mm_struct, address: number, data: number | null): Op<number> {
  for (;;) {
    const ptep = pte_offset_map(mm, address);
    let done: number | null = null;

    /* The lock stands for the processor, which does this in one step. */
    yield* spin_lock(mm.page_table_lock);
    const pte = ptep_get(ptep);
    if (pte.page !== null && data === null) done = yield* READ_ONCE(pte.page, 'data');
    if (pte.page !== null && data !== null && pte_write(pte)) {
      yield* WRITE_ONCE(pte.page, 'data', data);
      done = 0;
    }
    yield* spin_unlock(mm.page_table_lock);
    if (done !== null) return done;

    const err = yield* do_page_fault(mm, address, data === null ? 0 : FAULT_FLAG_WRITE);
    if (err !== 0) return err;
  }
}

/** The process reads a page: what is in it, or -EFAULT if it may not: a signal ends it. */
export function* load(mm: mm_struct, address: number): Op<number> {
  return yield* access(mm, address, null);
}

/** The process writes to a page: 0, or -EFAULT if it may not. */
export function* store(mm: mm_struct, address: number, data: number): Op<number> {
  return yield* access(mm, address, data);
}
