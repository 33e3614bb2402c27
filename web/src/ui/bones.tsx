// What stands where something is loading: the shape of what will be there, in the same places, so that nothing moves when it comes.
import type { ComponentChildren } from 'preact';
import { t } from '../i18n/index.ts';

const Bar = ({ w }: { w: 1 | 2 | 3 | 4 }) => <i class={`bone w-${w}`} />; // short to full
const Line = ({ w }: { w: 1 | 2 | 3 | 4 }) => <span class="bone-line"><Bar w={w} /></span>;

// Who listens is told once, of a part of a page only when they come to it; the shapes are for the eyes alone.
function Bones({ children, part }: { children: ComponentChildren; part?: boolean }) {
  return <div class="bones"><span class="sr" role={part ? undefined : 'status'}>{t('Loading')}</span><div aria-hidden="true">{children}</div></div>;
}

function Post({ lines, focal }: { lines: number; focal?: boolean }) {
  return <div class={`post ${focal ? 'focal' : ''}`}>
    <div class="by"><span class="by-avatar"><i class="bone avatar" /></span><span class="by-name"><span class="name"><Bar w={2} /></span><span class="handle"><Bar w={1} /></span></span></div>
    <div class="content">{Array.from({ length: lines }, (_, i) => <Line w={i === lines - 1 ? 3 : 4} />)}</div>
    {focal && <p class="focal-meta"><Bar w={2} /></p>}
    <div class="actions-row">{Array.from({ length: 6 }, () => <span class="bone-button"><i class="bone round" /></span>)}</div>
  </div>;
}

const Many = ({ n, draw }: { n: number; draw: (i: number) => ComponentChildren }) => <>{Array.from({ length: n }, (_, i) => draw(i))}</>;
const Tabs = ({ n }: { n: number }) => <div class="tabs"><Many n={n} draw={() => <span class="bone-tab"><Bar w={1} /></span>} /></div>;

const LINES = [3, 2, 4, 1, 2, 3]; // so that they do not look like a table
const Posts = ({ n, as = 'row' }: { n: number; as?: string }) => <>{Array.from({ length: n }, (_, i) => <div class={as}><Post lines={LINES[i % LINES.length]!} /></div>)}</>;

// A page of posts at first, or a few more at the end of a list.
export const PostBones = ({ n = 6 }: { n?: number }) => <Bones><Posts n={n} /></Bones>;

// The line above home: most who open it have not read everything.
export const ResumeBone = () => <div class="resume bones" aria-hidden="true"><Bar w={2} /></div>;

export const ReplyBones = () => <Bones><p class="section-title"><Bar w={1} /></p><Posts n={2} as="reply" /></Bones>;

export const ThreadBones = () => <Bones><div class="thread">
  <div class="focal-box"><Post lines={3} focal /><div class="focal-answer"><i class="bone pill" /></div></div>
  <p class="section-title"><Bar w={1} /></p><Posts n={3} as="reply" />
</div></Bones>;

export const ProfileBones = () => <Bones>
  <div class="profile"><div class="banner" /><div class="profile-in">
    <div class="profile-top"><i class="bone face" /><i class="bone pill" /></div>
    <p class="bone-title"><Bar w={2} /></p><p class="handle"><Bar w={2} /></p>
    <div class="content"><Line w={4} /><Line w={4} /><Line w={3} /></div>
    <p class="numbers"><Bar w={1} /><Bar w={1} /><Bar w={1} /></p>
  </div></div>
  <Tabs n={4} />
  <Posts n={3} />
</Bones>;

// A button that says what is not known yet: it takes its room, so that the row does not grow when it comes.
export const ButtonBone = () => <i class="bone pill" aria-hidden="true" />;

// ---- lists of something else --------------------------------------------------------------------------------------

export interface Wait {
  n?: number; // how many rows: a list that only goes on needs few
}

const Person = () => <div class="person-row"><span class="who"><i class="bone avatar" /><span><span class="name"><Bar w={2} /></span><span class="handle"><Bar w={1} /></span><span class="quiet"><Bar w={3} /></span></span></span><i class="bone pill" /></div>;
const People = ({ n }: { n: number }) => <Many n={n} draw={() => <Person />} />;
export const PersonBones = ({ n = 8 }: Wait) => <Bones><People n={n} /></Bones>;
export const TabbedPersonBones = () => <Bones><Tabs n={2} /><People n={8} /></Bones>;
export const DirectoryBones = () => <Bones><div class="toolbar"><Field /><Field /></div><People n={8} /></Bones>;

// A hashtag, a server: a name and a button.
export const TagBones = ({ n = 8 }: Wait) => <Bones><Many n={n} draw={() => <div class="person-row"><span class="who"><Bar w={2} /></span><i class="bone pill" /></div>} /></Bones>;

export const MailBones = ({ n = 6 }: Wait) => <Bones><Many n={n} draw={() => <div class="row"><div class="conversation"><span class="conversation-link"><span class="faces"><i class="bone avatar small" /></span>
  <span class="conversation-text"><span class="conversation-names"><Bar w={2} /></span><span class="quiet"><Bar w={3} /></span></span></span></div></div>} /></Bones>;

const Notice = () => <div class="row"><div class="notification"><div class="notification-head"><span class="notification-icon"><i class="bone round" /></span><span class="faces"><span><i class="bone avatar tiny" /></span></span><p><Bar w={3} /></p></div><p class="excerpt"><Bar w={4} /></p></div></div>;
export const NoticeBones = ({ n = 7 }: Wait) => <Bones><Many n={n} draw={() => <Notice />} /></Bones>;
export const TabbedNoticeBones = () => <Bones><Tabs n={4} /><Many n={7} draw={() => <Notice />} /></Bones>;

// ---- forms --------------------------------------------------------------------------------------------------------

const Field = () => <span class="bone-field"><Bar w={1} /><i class="bone input" /></span>;
// A page of the settings, and what one of its parts is about.
export const FormBones = () => <Bones><Many n={2} draw={i => <div class="pad settings-section"><p class="bone-title"><Bar w={2} /></p><Many n={3 - i} draw={() => <Field />} /></div>} /></Bones>;
export const SectionBones = () => <Bones part><div class="pad settings-section"><p class="bone-title"><Bar w={2} /></p><Line w={4} /><Line w={3} /></div></Bones>;
export const PartBones = () => <Bones part><Line w={4} /><Line w={3} /><i class="bone pill" /></Bones>;
export const SearchBones = () => <Bones><div class="one-line"><i class="bone input" /></div></Bones>;
