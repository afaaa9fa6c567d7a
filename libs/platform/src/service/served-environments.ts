import type { EnvironmentTime } from '@moola/streams/task/environment-time';
import { z } from 'zod';

/** An environment whose tasks a process runs. */
export interface ServedEnvironment {
  readonly name: string;
  readonly time: EnvironmentTime;
}

const form = /^([a-z][a-z0-9-]{0,62})(?::(wall|replay))?$/;

/** `live`, or several: `live,example:replay`. What is not said to be a replay has the wall's time. */
export const servedEnvironments = z.string().transform((text, context): readonly ServedEnvironment[] => {
  const environments: ServedEnvironment[] = [];
  for (const part of text.split(',').map((each) => each.trim())) {
    const match = form.exec(part);
    const name = match?.[1];
    if (name === undefined) {
      context.addIssue(`names ${JSON.stringify(part)}: write a name such as "live", or "example:replay"`);
    } else if (environments.some((other) => other.name === name)) {
      context.addIssue(`names ${name} twice`);
    } else {
      environments.push({ name, time: match?.[2] === 'replay' ? 'replay' : 'wall' });
    }
  }
  return environments;
});
