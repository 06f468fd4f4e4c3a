// SPDX-License-Identifier: GPL-2.0-only
/**
 * The kernel's memory model as axioms: tools/memory-model/linux-kernel.cat, relation by relation and under its names. Alglave, Maranget,
 * McKenney, Parri and Stern, "Frightening small children and disconcerting grown-ups", ASPLOS 2018. With one addition, because the
 * machine has no load buffering: a store stays behind the earlier loads of its thread.
 */
import type { Candidate } from './candidates';
import type { Event } from './paths';
import { type Events, Relation } from './relation';

/** What the model says of a candidate. */
export interface Judgement {
  readonly consistent: boolean;
  /** Only of a consistent one. */
  readonly race: boolean;
}

const INCONSISTENT: Judgement = { consistent: false, race: false };

/** Judges a candidate. */
export function judge(candidate: Candidate): Judgement {
  const basic = basicOf(candidate);
  if (!isCoherent(basic)) return INCONSISTENT;
  const order = orderOf(basic, fencesOf(basic));
  if (!order.hb.isAcyclic || !order.inTime.isAcyclic || !order.pb.isAcyclic) return INCONSISTENT;
  const rcu = rcuOf(basic, order);
  if (rcu.rb.isReflexive) return INCONSISTENT;
  const { incoherent, race } = plainOf(basic, order, rcu);
  return incoherent.isEmpty ? { consistent: true, race: !race.isEmpty } : INCONSISTENT;
}

type Basic = ReturnType<typeof basicOf>;
type Fences = ReturnType<typeof fencesOf>;
type Order = ReturnType<typeof orderOf>;
type Rcu = ReturnType<typeof rcuOf>;

/** Sets of events, and relations that a candidate has of itself. */
function basicOf(candidate: Candidate) {
  const { events, po, rf, co } = candidate;
  const size = events.length;
  const set = (holds: (event: Event) => boolean): Events =>
    events.reduce((all, event, i) => (holds(event) ? all | (1 << i) : all), 0);
  const tagged = (...tags: readonly Event['tags'][number][]): Events =>
    set((event) => tags.some((tag) => event.tags.includes(tag)));
  const id = Relation.of(size, (a, b) => a === b);
  const on = (at: Events): Relation => id.between(at, at);
  const index = new Map(events.map((event, i) => [event, i]));
  const depends = (of: (event: Event) => readonly Event[]): Relation =>
    Relation.of(size, (a, b) => {
      const later = events[b];
      return later !== undefined && of(later).some((load) => index.get(load) === a);
    });

  // As linux-kernel.bell has them.
  const R = set(({ kind }) => kind === 'R');
  const W = set(({ kind }) => kind === 'W');
  const M = R | W;
  const IW = set(({ thread }) => thread < 0);
  const Marked = tagged('marked') | set(({ kind }) => kind === 'F');
  const Plain = M & ~Marked;
  const Acquire = tagged('acquire');
  const Release = tagged('release');
  const Noreturn = tagged('noreturn');
  const RMW = tagged('atomic');
  const UL = tagged('unlock');
  const LKW = tagged('lock');
  const LKR = set((event) =>
    events.some(({ rmw, tags }) => rmw === event && tags.includes('lock')),
  );
  const marked = on(Marked);
  const int = Relation.of(size, (a, b) => events[a]?.thread === events[b]?.thread);
  const ext = Relation.of(size, (a, b) => events[a]?.thread !== events[b]?.thread);
  const fencerel = (fences: Events): Relation => po.then(on(fences), po);

  const addr = depends((event) => event.addr);
  const data = depends((event) => event.data);
  const ctrl = depends((event) => event.ctrl);
  const rmw = depends((event) => (event.rmw === null ? [] : [event.rmw]));
  const fr = rf.inverse().then(co).minus(id);
  const rfe = rf.and(ext);
  const rfi = rf.and(int);
  const sets = { R, W, M, IW, Marked, Plain, Acquire, Release, Noreturn, RMW, UL, LKW, LKR };
  const relations = { po, rf, co, fr, rfe, rfi, addr, data, ctrl, rmw, int, ext };
  return { ...candidate, ...sets, ...relations, size, on, tagged, fencerel, marked };
}

/** Sequential consistency of every location, and atomicity of every read-modify-write. */
function isCoherent({ events, size, M, po, rf, co, fr, rmw, ext }: Basic): boolean {
  const loc = Relation.of(
    size,
    (a, b) => ((M >> a) & (M >> b) & 1) === 1 && events[a]?.at === events[b]?.at,
  );
  if (!po.and(loc).or(rf, co, fr).isAcyclic) return false;
  return rmw.and(fr.and(ext).then(co.and(ext))).isEmpty;
}

/** What acquires, releases, fences and locks order. */
function fencesOf({ po, rf, R, W, M, Acquire, Release, ...basic }: Basic) {
  const { Noreturn, RMW, UL, LKW, LKR, on, tagged, fencerel } = basic;
  const acqPo = po.between(Acquire, M);
  const poRel = po.between(M, Release);
  const poUnlockLockPo = po.then(on(UL), po.or(rf), on(LKR), po);
  const R4rmb = R & ~Noreturn;
  const rmb = fencerel(tagged('rmb')).between(R4rmb, R4rmb);
  const wmb = fencerel(tagged('wmb')).between(W, W);
  const mb = fencerel(tagged('mb'))
    .or(
      fencerel(tagged('before-atomic')).then(on(RMW), po.maybe()),
      po.maybe().then(on(RMW), fencerel(tagged('after-atomic'))),
      po.maybe().then(on(LKW), fencerel(tagged('after-spinlock'))),
    )
    .between(M, M);
  const gp = po.then(on(tagged('sync-rcu')), po.maybe());
  const strongFence = mb.or(gp);
  const nonrwFence = strongFence.or(poRel, acqPo);
  const fence = nonrwFence.or(wmb, rmb);
  return { R4rmb, wmb, poRel, poUnlockLockPo, strongFence, nonrwFence, fence };
}

/** Preserved program order, propagation and happens-before. */
function orderOf(basic: Basic, fences: Fences) {
  const { R, W, Marked, Plain, Noreturn, on, marked, po, rf, co, fr, int, ext } = basic;
  const { addr, data, ctrl, rmw, rfe, rfi } = basic;
  const { wmb, poRel, poUnlockLockPo, strongFence, fence } = fences;
  const dep = addr.or(data);
  const rwdep = dep.or(ctrl).between(-1, W);
  const overwrite = co.or(fr);
  const toW = rwdep.or(overwrite.and(int), on(-1).then(addr, on(Plain), wmb));
  const toR = addr.or(dep.then(marked, rfi));
  const unbuffered = po.between(R & Marked & ~Noreturn, W & Marked);
  const ppo = toR.or(toW, fence, poUnlockLockPo.and(int), unbuffered);

  // Propagation.
  const rmwSequence = rf.then(rmw).star();
  const aCumul = (r: Relation): Relation => rfe.then(marked).maybe().then(r);
  const cumulFence = marked.then(
    aCumul(strongFence.or(poRel)).or(wmb, poUnlockLockPo),
    marked,
    rmwSequence,
  );
  const prop = marked.then(
    overwrite.and(ext).maybe(),
    cumulFence.star(),
    marked,
    rfe.maybe(),
    marked,
  );
  const hb = marked.then(ppo.or(rfe, prop.minus(on(-1)).and(int)), marked);
  // Nor does the store of atomic_inc() run before it knows what to add to, though nobody learns that.
  const inTime = marked.then(ppo.or(rfe, po.between(R, W)), marked);
  const pb = prop.then(strongFence, hb.star(), marked);
  return { ...fences, rmwSequence, cumulFence, prop, hb, inTime, pb };
}

/** Grace periods: with at least as many of them as read-side sections, a sequence of both is a strong fence. */
function rcuOf({ events, size, po, on, tagged, marked }: Basic, { prop, hb, pb }: Order) {
  const rcuGp = on(tagged('sync-rcu'));
  const rcuRscsi = sections(events).inverse();
  const rcuLink = po.maybe().then(hb.star(), pb.star(), prop, po);
  const rcuFence = leastFixedPoint(
    (known) =>
      rcuGp.or(
        rcuGp.then(rcuLink, rcuRscsi),
        rcuRscsi.then(rcuLink, rcuGp),
        rcuGp.then(rcuLink, known, rcuLink, rcuRscsi),
        rcuRscsi.then(rcuLink, known, rcuLink, rcuGp),
        known.then(rcuLink, known),
      ),
    Relation.of(size, () => false),
  );
  const rb = prop.then(po, rcuFence, po.maybe(), hb.star(), pb.star(), marked);
  return { rcuFence, rb };
}

/** What plain accesses must not read, and which of them race. */
function plainOf(basic: Basic, order: Order, { rcuFence, rb }: Rcu) {
  const { size, M, W, IW, Marked, Plain, Noreturn, marked, fencerel, tagged } = basic;
  const { po, rf, co, fr, rfe, addr, int, ext } = basic;
  const { R4rmb, strongFence, nonrwFence, fence, rmwSequence, cumulFence, hb, pb } = order;
  const xbstar = hb.or(pb, rb).star();
  const fullFence = strongFence.or(po.then(rcuFence, po.maybe()));
  const vis = cumulFence
    .star()
    .then(rfe.maybe(), marked, fullFence.then(marked, xbstar).or(xbstar.and(int)));
  const noReturn = ~Noreturn;
  const rmbFence = fencerel(tagged('rmb'));
  const wPreBounded = marked.then(addr.or(fence).maybe());
  const rPreBounded = marked.then(addr.or(nonrwFence, rmbFence.between(R4rmb, noReturn)).maybe());
  const wPostBounded = fence.maybe().then(marked, rmwSequence);
  const rPostBounded = nonrwFence.or(rmbFence.between(noReturn, R4rmb)).maybe().then(marked);
  const wwVis = fence.or(
    strongFence.then(xbstar, wPreBounded),
    wPostBounded.then(vis, wPreBounded),
  );
  const wrVis = fence.or(
    strongFence.then(xbstar, rPreBounded),
    wPostBounded.then(vis, rPreBounded),
  );
  const rwXbstar = fence.or(rPostBounded.then(xbstar, wPreBounded));
  const all = Relation.of(size, () => true);
  const preRace = ext.and(all.between(Plain, M).or(all.between(M & ~IW, Plain)));
  const incoherent = preRace
    .and(rf)
    .and(rwXbstar.inverse())
    .or(preRace.and(fr).and(wrVis.inverse()), preRace.and(co).and(wwVis.inverse()));
  const wwNonrace = wwVis
    .and(all.between(Marked, W).or(rwXbstar))
    .and(all.between(W, Marked).or(wrVis));
  const race = preRace
    .and(co)
    .minus(wwNonrace)
    .or(preRace.and(co.maybe().then(rf)).minus(wrVis).minus(rwXbstar.inverse()))
    .or(preRace.and(fr).minus(rwXbstar));
  return { incoherent, race };
}

/** From each rcu_read_lock() to the rcu_read_unlock() that ends its section. */
function sections(events: readonly Event[]): Relation {
  const ends = new Map<number, number>();
  const open: number[][] = [];
  events.forEach(({ thread, tags }, i) => {
    if (tags.includes('rcu-lock')) (open[thread] ??= []).push(i);
    else if (tags.includes('rcu-unlock')) {
      const begin = open[thread]?.pop();
      if (begin !== undefined) ends.set(begin, i);
    }
  });
  return Relation.of(events.length, (a, b) => ends.get(a) === b);
}

function leastFixedPoint(grow: (known: Relation) => Relation, bottom: Relation): Relation {
  for (let known = bottom; ;) {
    const next = grow(known);
    if (next.minus(known).isEmpty) return known;
    known = next;
  }
}
