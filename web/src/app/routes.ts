// Every view and its address.  A view is a component that gets the parameters of its path; most are loaded when they are first opened.
// To add one: a line here, a route in src/web/routes.c of the server when the path is new, and the file.
import type { ComponentType } from 'preact';
import { msg } from '../i18n/index.ts';
import { ThreadView } from '../status/thread.tsx';
import { HomeView, ListView, PublicView } from '../timeline/views.tsx';
import { DirectoryBones, FormBones, MailBones, PersonBones, PostBones, ProfileBones, SearchBones, TabbedNoticeBones, TabbedPersonBones, type Wait } from '../ui/bones.tsx';
import { type Params, match } from './router.ts';

export type View = ComponentType<{ params: Params }>;

interface Route {
  pattern: string;
  title: string;
  view?: View;
  load?: () => Promise<View>;
  params?: Params;
  waits?: ComponentType<Wait>; // what stands there while it is loaded
}

export const routes: Route[] = [
  { pattern: '/home', title: msg('Home'), view: HomeView },
  { pattern: '/public', title: msg('Federated'), view: PublicView },
  { pattern: '/public/local', title: msg('Local'), view: PublicView, params: { local: 'true' } },
  { pattern: '/tags/:name', title: msg('Hashtag'), load: () => import('../explore/tag.tsx').then(m => m.TagView), waits: PostBones },
  { pattern: '/lists', title: msg('Lists'), load: () => import('../timeline/lists.tsx').then(m => m.ListsView) },
  { pattern: '/lists/:id', title: msg('List'), view: ListView },
  { pattern: '/notifications', title: msg('Notifications'), load: () => import('../notification/view.tsx').then(m => m.NotificationsView), waits: TabbedNoticeBones },
  { pattern: '/notifications/settings', title: msg('Who may notify you'), load: () => import('../notification/policy-view.tsx').then(m => m.PolicyView), waits: FormBones },
  { pattern: '/notifications/requests', title: msg('Filtered notifications'), load: () => import('../notification/requests.tsx').then(m => m.RequestsView), waits: PersonBones },
  { pattern: '/notifications/requests/:id', title: msg('Filtered notifications'), load: () => import('../notification/requests.tsx').then(m => m.RequestView) },
  { pattern: '/notifications/:tab', title: msg('Notifications'), load: () => import('../notification/view.tsx').then(m => m.NotificationsView), waits: TabbedNoticeBones },
  { pattern: '/conversations', title: msg('Private mentions'), load: () => import('../notification/conversations.tsx').then(m => m.ConversationsView), waits: MailBones },
  { pattern: '/bookmarks', title: msg('Bookmarks'), load: () => import('../timeline/saved.tsx').then(m => m.BookmarksView), waits: PostBones },
  { pattern: '/favourites', title: msg('Favourites'), load: () => import('../timeline/saved.tsx').then(m => m.FavouritesView), waits: PostBones },
  { pattern: '/search', title: msg('Search'), load: () => import('../search/search.tsx').then(m => m.SearchView), waits: SearchBones },
  { pattern: '/explore', title: msg('Explore'), load: () => import('../explore/explore.tsx').then(m => m.ExploreView), params: { tab: 'posts' }, waits: PostBones },
  { pattern: '/explore/link', title: msg('Explore'), load: () => import('../explore/explore.tsx').then(m => m.LinkView) },
  { pattern: '/explore/:tab', title: msg('Explore'), load: () => import('../explore/explore.tsx').then(m => m.ExploreView), waits: PersonBones },
  { pattern: '/bookmarks/:folder', title: msg('Bookmarks'), load: () => import('../timeline/saved.tsx').then(m => m.BookmarksView), waits: PostBones },
  { pattern: '/followed_tags', title: msg('Followed hashtags'), load: () => import('../explore/followed.tsx').then(m => m.FollowedTagsView) },
  { pattern: '/collections', title: msg('Collections'), load: () => import('../explore/collections.tsx').then(m => m.CollectionsView) },
  { pattern: '/collections/:id', title: msg('Collection'), load: () => import('../explore/collections.tsx').then(m => m.CollectionView) },
  { pattern: '/annual_report', title: msg('Year in review'), load: () => import('../explore/annual.tsx').then(m => m.AnnualView) },
  { pattern: '/annual_report/:year', title: msg('Year in review'), load: () => import('../explore/annual.tsx').then(m => m.AnnualView) },
  { pattern: '/about', title: msg('About'), load: () => import('../explore/about.tsx').then(m => m.AboutView) },
  { pattern: '/publish', title: msg('New post'), load: () => import('../compose/view.tsx').then(m => m.PublishView) },
  { pattern: '/publish/drafts', title: msg('Drafts'), load: () => import('../compose/kept.tsx').then(m => m.DraftsView) },
  { pattern: '/publish/planned', title: msg('Planned posts'), load: () => import('../compose/kept.tsx').then(m => m.PlannedView) },
  { pattern: '/share', title: msg('New post'), load: () => import('../compose/view.tsx').then(m => m.PublishView) },
  { pattern: '/settings', title: msg('Settings'), load: () => import('../settings/view.tsx').then(m => m.SettingsView) },
  { pattern: '/settings/profile', title: msg('Profile and reach'), load: () => import('../settings/profile.tsx').then(m => m.ProfileSettings), waits: FormBones },
  { pattern: '/settings/posting', title: msg('Posting and reading'), load: () => import('../settings/posting.tsx').then(m => m.PostingSettings), waits: FormBones },
  { pattern: '/settings/account', title: msg('E-mail, password, deletion'), load: () => import('../settings/account.tsx').then(m => m.AccountSettings), waits: FormBones },
  { pattern: '/settings/access', title: msg('Second factor, sessions and apps'), load: () => import('../settings/access.tsx').then(m => m.AccessSettings), waits: FormBones },
  { pattern: '/start', title: msg('First steps'), load: () => import('../settings/start.tsx').then(m => m.StartView) },
  { pattern: '/settings/cleanup', title: msg('Old posts'), load: () => import('../settings/cleanup.tsx').then(m => m.CleanupSettings), waits: FormBones },
  { pattern: '/settings/data', title: msg('Bring in and take along'), load: () => import('../settings/data.tsx').then(m => m.DataSettings), waits: FormBones },
  { pattern: '/settings/move', title: msg('Moving'), load: () => import('../settings/move.tsx').then(m => m.MoveSettings), waits: FormBones },
  { pattern: '/settings/invites', title: msg('Invitations'), load: () => import('../settings/invites.tsx').then(m => m.InviteSettings), waits: FormBones },
  { pattern: '/filters', title: msg('Filters'), load: () => import('../settings/filters.tsx').then(m => m.FiltersView) },
  { pattern: '/filters/:id', title: msg('Filter'), load: () => import('../settings/filters.tsx').then(m => m.FilterView), waits: FormBones },
  { pattern: '/@:acct', title: msg('Profile'), load: () => import('../people/profile.tsx').then(m => m.ProfileView), params: { tab: 'posts' }, waits: ProfileBones },
  { pattern: '/@:acct/with_replies', title: msg('Profile'), load: () => import('../people/profile.tsx').then(m => m.ProfileView), params: { tab: 'replies' }, waits: ProfileBones },
  { pattern: '/@:acct/media', title: msg('Profile'), load: () => import('../people/profile.tsx').then(m => m.ProfileView), params: { tab: 'media' }, waits: ProfileBones },
  { pattern: '/@:acct/followers', title: msg('Followers'), load: () => import('../people/follows.tsx').then(m => m.FollowsView), params: { which: 'followers' }, waits: TabbedPersonBones },
  { pattern: '/@:acct/following', title: msg('Following'), load: () => import('../people/follows.tsx').then(m => m.FollowsView), params: { which: 'following' }, waits: TabbedPersonBones },
  { pattern: '/@:acct/about', title: msg('Profile'), load: () => import('../people/profile.tsx').then(m => m.ProfileView), params: { tab: 'about' }, waits: ProfileBones },
  { pattern: '/follow_requests', title: msg('Follow requests'), load: () => import('../people/relations.tsx').then(m => m.RequestsView), waits: PersonBones },
  { pattern: '/blocks', title: msg('Blocked people'), load: () => import('../people/relations.tsx').then(m => m.BlocksView), waits: PersonBones },
  { pattern: '/mutes', title: msg('Muted people'), load: () => import('../people/relations.tsx').then(m => m.MutesView), waits: PersonBones },
  { pattern: '/domain_blocks', title: msg('Blocked servers'), load: () => import('../people/relations.tsx').then(m => m.DomainsView) },
  { pattern: '/directory', title: msg('Directory'), load: () => import('../people/directory.tsx').then(m => m.DirectoryView), waits: DirectoryBones },
  { pattern: '/lists/:id/edit', title: msg('List'), load: () => import('../people/list-edit.tsx').then(m => m.ListEditView) },
  { pattern: '/@:acct/:id/reblogs', title: msg('Post'), load: () => import('../status/who.tsx').then(m => m.WhoView), params: { which: 'reblogs' }, waits: TabbedPersonBones },
  { pattern: '/@:acct/:id/favourites', title: msg('Post'), load: () => import('../status/who.tsx').then(m => m.WhoView), params: { which: 'favourites' }, waits: TabbedPersonBones },
  { pattern: '/@:acct/:id/quotes', title: msg('Post'), load: () => import('../status/who.tsx').then(m => m.WhoView), params: { which: 'quotes' }, waits: PostBones },
  { pattern: '/@:acct/:id', title: msg('Post'), view: ThreadView },
];

export function find(path: string): { route: Route; params: Params } | null {
  for (const route of routes) {
    const params = match(route.pattern, path);
    if (params) return { route, params: { ...route.params, ...params } };
  }
  return null;
}
