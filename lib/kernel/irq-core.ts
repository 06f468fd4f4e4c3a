// SPDX-License-Identifier: GPL-2.0-only
/**
 * The engine under interrupt.ts: the interrupt lines, their handlers, and the task of each interrupt. After kernel/irq/manage.c,
 * chip.c (handle_edge_irq) and handle.c.
 *
 * One line never runs its handlers twice at a time: an interrupt that comes meanwhile, or while the line is disabled, is pending, and
 * the handlers run once more. Several may become one.
 */
import {
  type Handle,
  type Kind,
  type Machine,
  makeHandle,
  onCpu,
  type Op,
  request,
  SyncObject,
  type Task,
} from '../machine';

/** What a handler says: whether the interrupt was its device's. @kernel include/linux/irqreturn.h */
export type irqreturn_t = number;

/** What runs when an interrupt comes, in hard interrupt context. It must not sleep. @kernel include/linux/interrupt.h */
export type irq_handler_t = (irq: number, dev_id: Handle | null) => Op<irqreturn_t>;

/** How many interrupt lines there are. */
const NR_IRQS = 16;

/** A handler on a line. */
export interface irqaction {
  readonly handler: irq_handler_t;
  readonly flags: number;
  readonly name: string;
  readonly dev_id: Handle | null;
}

const IN_PROGRESS = 1;

/** An interrupt line. State: whether its handlers run. */
export class IrqDesc extends SyncObject {
  readonly typeName = 'irq_desc';
  readonly handle: Handle = makeHandle(this);
  actions: readonly irqaction[] = [];
  /** How often it is disabled. */
  depth = 0;
  pending = false;
  /** The interrupt whose handlers run. */
  owner: Task | null = null;

  constructor(readonly irq: number) {
    super();
  }

  override get label(): string {
    return `irq ${this.irq}`;
  }

  protected override reset(): void {
    super.reset();
    this.actions = [];
    this.depth = 0;
    this.pending = false;
    this.owner = null;
  }
}

const lines = Array.from({ length: NR_IRQS }, (_, irq) => new IrqDesc(irq).makeStatic(`irq${irq}`));

/** irq_to_desc(): the line with a number; null if there is none. */
export function irqDesc(irq: number): IrqDesc | null {
  return lines[irq] ?? null;
}

/** An interrupt comes. The step must write the line. */
export function deliver(machine: Machine, task: Task, desc: IrqDesc): void {
  machine.release(task, desc, true);
  if (desc.actions.length === 0) return;
  if (desc.depth > 0) desc.pending = true;
  else machine.spawn(`irq/${desc.irq}`, () => onCpu(handle(desc)), 'hardirq');
}

const BEGIN: Kind<IrqDesc, [], irqaction | null> = {
  name: 'handle_irq',
  access: 'write',
  perform(machine, task, { object: desc }) {
    machine.acquire(task, desc);
    const [first = null] = desc.actions;
    if (first === null) return null;
    if (desc.depth > 0 || desc.state === IN_PROGRESS) {
      desc.pending = true;
      return null;
    }
    desc.state = IN_PROGRESS;
    desc.pending = false;
    desc.owner = task;
    return first;
  },
};

/** The handler after one that has returned; null when all have run and nothing is pending. */
const NEXT: Kind<IrqDesc, [before: irqaction, all: readonly irqaction[]], irqaction | null> = {
  name: 'handle_irq',
  access: 'write',
  perform(machine, task, { object: desc, a: before, b: all, site }) {
    if (!task.irqsOff) {
      const message = `irq ${desc.irq} handler ${before.handler.name} enabled interrupts`;
      machine.complain({ check: 'warn', message, object: null, site });
      task.irqsOff = true;
    }
    const later = all.slice(all.indexOf(before) + 1);
    const next = later.find((action) => desc.actions.includes(action));
    if (next !== undefined) return next;
    const [first] = desc.actions;
    if (first !== undefined && desc.pending && desc.depth === 0) {
      desc.pending = false;
      return first;
    }
    desc.state = 0;
    desc.owner = null;
    machine.release(task, desc, true);
    return null;
  },
};

function* handle(desc: IrqDesc): Op<void> {
  let action = yield* request(BEGIN, desc);
  while (action !== null) {
    const all = desc.actions;
    yield* action.handler(desc.irq, action.dev_id);
    action = yield* request(NEXT, desc, action, all);
  }
}
