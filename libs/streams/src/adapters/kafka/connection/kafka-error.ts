import { protocolErrorName } from './kafkajs-client.js';

/** Codes of the protocol that this adapter acts upon (https://kafka.apache.org/protocol#protocol_error_codes). */
export const codes = {
  none: 0,
  offsetOutOfRange: 1,
  unknownTopic: 3,
  leaderNotAvailable: 5,
  notLeader: 6,
  timedOut: 7,
  messageTooLarge: 10,
  coordinatorLoading: 14,
  coordinatorNotAvailable: 15,
  notCoordinator: 16,
  invalidTopic: 17,
  recordListTooLarge: 18,
  notEnoughReplicas: 19,
  illegalGeneration: 22,
  unknownMember: 25,
  rebalanceInProgress: 27,
  topicAuthorizationFailed: 29,
  topicExists: 36,
  outOfOrderSequence: 45,
  duplicateSequence: 46,
  invalidProducerEpoch: 47,
  unknownProducer: 59,
  memberIdRequired: 79,
  fencedInstance: 82,
  producerFenced: 90,
} as const;

/**
 * What no second attempt mends: wrong settings or rights that are missing. Numbers as in the protocol: inconsistent group
 * protocol, invalid group, invalid session timeout, topic, group and cluster authorization, unsupported mechanism, illegal
 * state of authentication, version, request.
 */
const final = new Set([23, 24, 26, 29, 30, 31, 33, 34, 35, 42, 58]);

/** A broker answered with an error. */
export class KafkaError extends Error {
  override readonly name = 'KafkaError';
  constructor(
    readonly code: number,
    readonly what: string,
    detail?: string | null,
  ) {
    super(`${what}: ${protocolErrorName(code)}${detail ? ` (${detail})` : ''}`);
  }
}

/** The log was closed while this was under way. */
export class LogClosedError extends Error {
  override readonly name = 'LogClosedError';
  constructor(what: string) {
    super(`${what}: the log was closed`);
  }
}

export function failUnlessNone(code: number, what: string, detail?: string | null): void {
  if (code !== codes.none) throw new KafkaError(code, what, detail);
}

/** Programming errors, and what kafkajs says about credentials and versions. */
const finalNames = new Set([
  ...['TypeError', 'RangeError'],
  ...['KafkaJSSASLAuthenticationError', 'KafkaJSServerDoesNotSupportApiKey'],
]);

/** What Node says about a certificate that it does not believe. */
const untrusted = /^(CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(GET|VERIFY))/;

/** Whether trying again is pointless: the process has to be started anew with other settings or rights. */
export function isFinal(error: unknown): boolean {
  if (error instanceof KafkaError) return final.has(error.code);
  if (!(error instanceof Error)) return false;
  return finalNames.has(error.name) || untrusted.test(String((error as NodeJS.ErrnoException).code));
}

export function codeOf(error: unknown): number | null {
  return error instanceof KafkaError ? error.code : null;
}
