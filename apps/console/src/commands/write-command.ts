import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { BadRequestException } from '@nestjs/common';
import { SignalSchema, type CommandSchema } from '@moola/contracts/gen/moola/v1/signals_pb';
import { topicName, topics } from '@moola/contracts/topics';
import { externalBatch } from '@moola/streams/processor/batch-codec';
import type { EventLog } from '@moola/streams/ports/event-log';
import type { z } from 'zod';
import type { CommandAccepted } from './views.js';

/** A command with its id, and who gives it. */
export type GivenCommand = Exclude<MessageInitShape<typeof CommandSchema>, { readonly $typeName: string }> & {
  readonly id: string;
  readonly actor: string;
  readonly authenticated: boolean;
};

/**
 * Writes a person's word where the responder reads it.
 * @returns when it is durable
 * @throws {BadRequestException} when nobody says who it is
 */
export async function writeCommand(
  log: EventLog,
  environment: string,
  model: string,
  command: GivenCommand,
): Promise<CommandAccepted> {
  const { id, actor, authenticated } = command;
  if (actor === '') throw new BadRequestException(['actor: no authentication is configured here: say who you are']);
  const signal = create(SignalSchema, { model, kind: { case: 'command', value: command } });
  const records = externalBatch(topics.signals, [{ kind: 'data', value: signal }]);
  await log.append({ topic: topicName(environment, topics.signals), partition: 0 }, records, 'person');
  await log.flushed();
  return { accepted: true, id, actor, authenticated };
}

export const issueText = ({ path, message }: z.core.$ZodIssue) => `${path.join('.') || 'the body'}: ${message}`;
