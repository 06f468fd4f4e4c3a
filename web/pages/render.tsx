// SPDX-License-Identifier: GPL-2.0-only
/** Pages as HTML, for the builder of the site. */
import { renderToString } from 'preact-render-to-string';
import { Front } from './front';
import { Guide } from './guide';
import { Kata } from './kata';
import { Footer, Header, page } from './shell';
import { Progress, Syllabus } from './syllabus';
import type {
  Frame,
  FrontProps,
  GuideEntry,
  KataEntry,
  KataProps,
  PageData,
  Pages,
  Surroundings,
  Text,
} from './types';

type Told = Omit<PageData, 'root'>;

export function frontPage(frame: Frame, data: Told, props: FrontProps): string {
  return page({ frame, data, main: 'front', children: <Front {...props} /> });
}

export function guidePage(
  frame: Frame,
  data: Told,
  guides: readonly GuideEntry[],
  text: Text,
): string {
  const { address } = frame;
  const children = <Guide address={address} guides={guides} text={text} />;
  return page({ frame, data, main: 'guide', children });
}

export function kataPage(frame: Frame, data: Told, props: KataProps): string {
  return page({ frame, data, main: 'kata', children: <Kata {...props} /> });
}

export function syllabusPage(frame: Frame, data: Told, katas: readonly KataEntry[]): string {
  return page({ frame, data, main: 'plain', children: <Syllabus katas={katas} /> });
}

export function progressPage(frame: Frame, data: Told, katas: readonly KataEntry[]): string {
  return page({ frame, data, main: 'plain', children: <Progress katas={katas} /> });
}

export function searchPage(frame: Frame, data: Told): string {
  const children = (
    <>
      <h1>Search</h1>
      <div id="search-page" role="status">
        Type into the field above.
      </div>
    </>
  );
  return page({ frame, data, main: 'plain', children });
}

export function surroundings(root: string, address: string): Surroundings {
  return {
    header: renderToString(<Header root={root} address={address} />),
    footer: renderToString(<Footer root={root} />),
  };
}

/** This file is what the builder believes it is. */
export default {
  frontPage,
  guidePage,
  kataPage,
  syllabusPage,
  progressPage,
  searchPage,
  surroundings,
} satisfies Pages;
