import { ActionOutcome, type ActionResult, type DeliveryReceipt } from '@moola/contracts/gen/moola/v1/actions_pb';
import { RollbackAnswer } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { actionFailedMessage } from '../notifications/messages.js';
import { outcomeWords } from '@moola/wording/outcomes';
import { retryOf } from '../incidents/fold-rollback.js';
import { playbookOf } from './policies.js';
import { takeOnce } from './take-once.js';
import type { DecisionContext } from './decision-context.js';

/** What became of an action. What did not surely succeed is escalated at once. */
export function onResult(context: DecisionContext, result: ActionResult): void {
  const incident = context.tables.incidents.get(result.incident);
  if (incident === undefined) return;
  if (!takeOnce(context, 'result', result.incident, `${result.step}`, `${result.attempt}`)) return;
  const rollback = incident.rollback?.step === result.step ? incident.rollback : null;
  let after = context.record(incident, { case: 'result', value: result });
  if (rollback === null || result.outcome === ActionOutcome.DONE || retryOf(context.nowMs, result) !== null) return;
  if (after.state !== 'open') return;
  const { from, to, answer } = rollback;
  if (answer !== RollbackAnswer.UNDO && result.outcome !== ActionOutcome.UNKNOWN) {
    const { rolledBackFrom } = context.tables.model(incident.model);
    context.tables.changeModel(incident.model, {
      rolledBackFrom: rolledBackFrom.filter((version) => version !== from),
    });
  }
  const reason = `moving the alias ${outcomeWords[result.outcome]}: ${result.detail}`;
  after = context.record(after, { case: 'rollbackFailed', value: { from, to, reason } });
  const { escalateTo } = playbookOf(context.tables, incident.model).deadlines(incident.severity);
  context.tell(after, ['team', escalateTo], actionFailedMessage(after, rollback, result));
}

/** That somebody was reached, or not: on the incident's record, once an attempt. */
export function onReceipt(context: DecisionContext, receipt: DeliveryReceipt): void {
  const incident = context.tables.incidents.get(receipt.incident);
  if (incident === undefined) return;
  const { notification, channelKind, channelName, attempt } = receipt;
  if (!takeOnce(context, 'receipt', notification, channelKind, channelName, `${attempt}`)) return;
  context.record(incident, { case: 'receipt', value: receipt });
}
