import { Tier } from '@moola/contracts/gen/moola/v1/incidents_pb';

/** An action of a tier that cannot be carried out, and why. */
export interface Inapplicable {
  readonly action: string;
  readonly reason: string;
}

/** What the actions of a tier are called, and what the playbook names for it. */
export interface TierActions {
  readonly healActions: readonly string[];
  readonly scaleActions: readonly string[];
}

/** The actions of a tier that are not carried out on entering it, each with its reason. */
export function notApplicable(tier: Tier, playbook: TierActions): readonly Inapplicable[] {
  switch (tier) {
    case Tier.AUTO_HEAL:
      return ofKind('heal', playbook.healActions);
    case Tier.ALERT_AND_SCALE:
      return ofKind('scale', playbook.scaleActions);
    case Tier.EMERGENCY:
    case Tier.UNSPECIFIED:
      return [];
  }
}

function ofKind(kind: string, actions: readonly string[]): readonly Inapplicable[] {
  if (actions.length === 0) {
    return [{ action: kind, reason: `the playbook configures no ${kind} action` }];
  }
  return actions.map((action) => ({ action, reason: `this installation has nothing that carries out "${action}"` }));
}
