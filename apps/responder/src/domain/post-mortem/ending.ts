import { create } from '@bufbuild/protobuf';
import { EndingKind, PostMortemEndingSchema, type PostMortemEnding } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { isInferred } from '@moola/contracts/inferred-deployment';
import { ofKind, type Story } from './story.js';

/** What ended the incident: the last change of what serves, a person, or neither. @param resolution `by` is empty where nobody resolved it */
export function endingOf(
  story: Story,
  { by, authenticated }: { readonly by: string; readonly authenticated: boolean },
): PostMortemEnding {
  if (by !== '') return create(PostMortemEndingSchema, { kind: EndingKind.BY_HAND, by, authenticated });
  const change = ofKind(story.events, 'servingChanged').at(-1);
  if (change === undefined) return create(PostMortemEndingSchema, { kind: EndingKind.RECOVERED });
  const { from, to } = change.value;
  const asked = ofKind(story.events, 'action').some(
    ({ event, value: { intent } }) =>
      event.number < change.event.number && intent?.kind.case === 'moveAlias' && intent.kind.value.to === to,
  );
  return create(PostMortemEndingSchema, {
    ...{ kind: asked ? EndingKind.ROLLBACK : EndingKind.DEPLOYMENT, from, to, event: change.event.number },
    by: asked || isInferred(change.value.by) ? '' : change.value.by,
  });
}
