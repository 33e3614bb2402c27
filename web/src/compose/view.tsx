// Writing on a page of its own: /publish.
import { Column } from '../app/shell.tsx';
import { navigate, place } from '../app/router.ts';
import { Composer } from './composer.tsx';

export function PublishView() {
  return <Column><div class="pad"><Composer start={{ text: place.value.query.get('text') ?? undefined }} onDone={() => navigate('/home')} /></div></Column>;
}
