import { eventKinds } from '@moola/contracts/event-kinds';
import { instant, known, name, number, requiredName } from '../checks.js';
import { most } from '../limits.js';
import { roles, roleWords } from '../role-words.js';
import type { ReceivedKind } from './received-kind.js';

export const deployment: ReceivedKind<'deployment'> = {
  check: (deployment, range) =>
    requiredName('deployment.model', deployment.model, most.name, 'churn') ??
    requiredName('deployment.version', deployment.version, most.name, 'v7') ??
    name('deployment.build', deployment.build, most.name) ??
    known('deployment.role', deployment.role, roles, roleWords) ??
    instant('deployment.time', deployment.time, range) ??
    number('deployment.weight', deployment.weight, eventKinds.deployment.numbers.weight) ??
    name('deployment.by', deployment.by, most.name) ??
    name('deployment.incident', deployment.incident, most.text),
};
