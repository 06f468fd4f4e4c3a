// SPDX-License-Identifier: GPL-2.0-only
/** What the builder of the site hands to its pages, and what pages find in their own HTML. */
import type { Manifest } from '../../lib/kata/manifest';

/** The frame of every page. */
export interface Frame {
  /** Relative to the site: `katas/00-lost-update/index.html`. */
  readonly address: string;
  readonly title: string;
  readonly description: string;
  readonly assets: {
    readonly script: string;
    readonly styles: readonly string[];
    readonly preload: readonly string[];
    /** What the scripts fetch at once. */
    readonly data?: readonly string[];
  };
}

/** A kata in the list of all katas. */
export type KataEntry = Pick<
  Manifest,
  | 'id'
  | 'title'
  | 'blurb'
  | 'difficulty'
  | 'minutes'
  | 'concepts'
  | 'upstream'
  | 'shipped'
  | 'driver'
>;

/** A heading of a rendered text. */
export interface HeadingEntry {
  readonly depth: number;
  readonly id: string;
  readonly text: string;
}

/** A text as HTML. */
export interface Text {
  readonly html: string;
  readonly headings: readonly HeadingEntry[];
}

/** A guide in the list of guides. */
export interface GuideEntry {
  readonly address: string;
  readonly title: string;
  readonly section: string;
}

/** Another answer to a kata, as its page shows it once the learner's own holds. */
export interface AnswerEntry {
  readonly kind: 'right' | 'wrong';
  /** `kref-put-lock` */
  readonly name: string;
  readonly subject: string;
  /** As HTML. */
  readonly why: string;
  /** The scenarios it fails in. */
  readonly fails: readonly string[];
  /** The whole driver. */
  readonly text: string;
}

/** `katas/NN-slug/answers.json` */
export interface Answers {
  /** Why it holds, and what upstream did, as HTML. */
  readonly why: string;
  /** The solution's driver. */
  readonly solution: string;
  readonly answers: readonly AnswerEntry[];
}

/** `data/names.json`: what a driver may import. */
export interface NameList {
  /** The values of `#lib`. */
  readonly values: readonly string[];
  /** Every value and type, with a line on each, for completion. */
  readonly names: readonly NameEntry[];
}

/** A name of `#lib`. */
export interface NameEntry {
  readonly name: string;
  readonly line: string;
  readonly kind: 'function' | 'variable' | 'interface' | 'type';
  readonly header: string;
  readonly address: string;
}

/** What the builder writes into the `<body>` of a page. */
export interface PageData {
  /** The way to the root of the site: `../../`. */
  readonly root: string;
  /** NN-slug, on the page of a kata. */
  readonly kata?: string;
  /** Names engine and scenarios, as in the state file. */
  readonly judge: string;
}

/** What the front page shows. */
export interface FrontProps {
  readonly katas: readonly KataEntry[];
  /** The kata whose race plays. */
  readonly shown: KataEntry;
  readonly headline: string;
  readonly report: string;
}

/** What the page of a kata shows. */
export interface KataProps {
  readonly kata: KataEntry;
  readonly story: Text;
  /** As HTML, weakest first. */
  readonly hints: readonly string[];
  /** The first line of the report. */
  readonly headline: string;
  readonly report: string;
  /** The port in colours, as HTML. */
  readonly driver: string;
  readonly before: KataEntry | undefined;
  readonly after: KataEntry | undefined;
}

type Told = Omit<PageData, 'root'>;

/** What web/pages/render.tsx exports: pages as HTML, for the builder of the site. */
export interface Pages {
  frontPage(frame: Frame, data: Told, props: FrontProps): string;
  guidePage(frame: Frame, data: Told, guides: readonly GuideEntry[], text: Text): string;
  kataPage(frame: Frame, data: Told, props: KataProps): string;
  syllabusPage(frame: Frame, data: Told, katas: readonly KataEntry[]): string;
  progressPage(frame: Frame, data: Told, katas: readonly KataEntry[]): string;
  searchPage(frame: Frame, data: Told): string;
  /** The header and the footer, for pages that TypeDoc has written. */
  surroundings(root: string, address: string): Surroundings;
}

/** What stands above and below a page. */
export interface Surroundings {
  readonly header: string;
  readonly footer: string;
}
