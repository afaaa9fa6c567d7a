import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { programPath, runCommand } from './command.js';

const servicePolicy = '/usr/sbin/policy-rc.d';
const environment = { DEBIAN_FRONTEND: 'noninteractive' };
const waitForOthers = ['-o', 'DPkg::Lock::Timeout=300'];

export interface Installed {
  readonly path: string;
}

export interface NotInstalled {
  readonly reason: string;
}

/**
 * Finds a program on the PATH; where this process is root on Debian or its kin, installs its package when it is not
 * there.
 */
export async function programOfPackage(program: string, debianPackage: string): Promise<Installed | NotInstalled> {
  const found = programPath(program);
  if (found !== undefined) return { path: found };
  const absent = `there is no ${program} on the PATH`;
  if (programPath('apt-get') === undefined) return { reason: `${absent} and no apt-get to install it` };
  if (process.getuid?.() !== 0) return { reason: `${absent}, and only root may install it` };
  process.stderr.write(`Installing ${debianPackage} …\n`);
  const output = await withoutStartingServices(() => aptInstall(debianPackage));
  const installed = programPath(program);
  if (installed !== undefined) return { path: installed };
  return { reason: `${absent}, and apt-get could not install ${debianPackage}\n${output.slice(-2_000)}` };
}

async function aptInstall(debianPackage: string): Promise<string> {
  const install = ['install', '--yes', '--no-install-recommends', ...waitForOthers, debianPackage];
  const first = await runCommand('apt-get', install, environment);
  if (first.code === 0) return first.output;
  // The list of packages may be missing or old.
  await runCommand('apt-get', ['update', ...waitForOthers], environment);
  return (await runCommand('apt-get', install, environment)).output;
}

/** Debian starts a service when its package is installed, unless this file says no. */
async function withoutStartingServices<T>(action: () => Promise<T>): Promise<T> {
  if (existsSync(servicePolicy)) return action();
  writeFileSync(servicePolicy, '#!/bin/sh\nexit 101\n');
  chmodSync(servicePolicy, 0o755);
  try {
    return await action();
  } finally {
    rmSync(servicePolicy, { force: true });
  }
}
