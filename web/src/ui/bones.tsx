// What stands where something is loading: the shape of what will be there, in the same places, so that nothing moves when it comes.
import type { ComponentChildren } from 'preact';
import { t } from '../i18n/index.ts';

const Bar = ({ w }: { w: 1 | 2 | 3 | 4 }) => <i class={`bone w-${w}`} />; // short to full
const Line = ({ w }: { w: 1 | 2 | 3 | 4 }) => <span class="bone-line"><Bar w={w} /></span>;

// Who listens is told once; the shapes are for the eyes alone.
function Bones({ children }: { children: ComponentChildren }) {
  return <div class="bones"><span class="sr" role="status">{t('Loading')}</span><div aria-hidden="true">{children}</div></div>;
}

function Post({ lines, focal }: { lines: number; focal?: boolean }) {
  return <div class={`post ${focal ? 'focal' : ''}`}>
    <div class="by"><span class="by-avatar"><i class="bone avatar" /></span><span class="by-name"><span class="name"><Bar w={2} /></span><span class="handle"><Bar w={1} /></span></span></div>
    <div class="content">{Array.from({ length: lines }, (_, i) => <Line w={i === lines - 1 ? 3 : 4} />)}</div>
    {focal && <p class="focal-meta"><Bar w={2} /></p>}
    <div class="actions-row">{Array.from({ length: 6 }, () => <span class="bone-button"><i class="bone round" /></span>)}</div>
  </div>;
}

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
  <div class="tabs">{[0, 1, 2, 3].map(() => <span class="bone-tab"><Bar w={1} /></span>)}</div>
  <Posts n={3} />
</Bones>;
