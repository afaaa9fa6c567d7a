import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stageBlocks } from './blocks-stages.mjs';
import { fillTopics } from './filled-topics.mjs';

const profiled = [
  ...['receive', 'receiveAnonymised', 'receiveBatches', 'join', 'tracker'],
  ...['whole', 'wholeBatches', 'wholeManySeries'],
];
const shown = 15;

/** Where the CPU time of each stage goes, by function and by part of the program. Profiling slows a program down. */
export async function measureProfile({ servers, progress, events, folder, blocks }) {
  let into;
  const filled = {};
  const node = () => (into ? ['--cpu-prof', `--cpu-prof-dir=${into}`] : []);
  const stages = stageBlocks({ ...servers, filled, node });
  const names = profiled.filter((each) => blocks.length === 0 || blocks.includes(each));
  const reads = new Set(['events', ...names.map((name) => stages.blocks[name].reads)]);
  Object.assign(filled, await fillTopics(servers.brokers, events, [...reads], progress));
  progress('filling intake and observations');
  await stages.prepare();
  const result = {};
  for (const name of names) {
    progress(name);
    into = join(folder, name);
    mkdirSync(into, { recursive: true });
    await stages.blocks[name].run();
    result[name] = { profile: into, ...selfTimes(into) };
  }
  return result;
}

function selfTimes(folder) {
  const [file] = readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'));
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const byId = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const functions = new Map();
  const parts = new Map();
  let total = 0;
  for (const [index, id] of samples.entries()) {
    const { functionName, url, lineNumber } = byId.get(id);
    if (functionName === '(idle)') continue;
    const time = timeDeltas[index];
    total += time;
    const place = shortened(url);
    add(functions, `${functionName || '(anonymous)'} ${place}${place && `:${lineNumber + 1}`}`.trim(), time);
    add(parts, partOf(functionName, place), time);
  }
  return { parts: shares(parts, total), functions: shares(functions, total) };
}

const add = (times, name, time) => times.set(name, (times.get(name) ?? 0) + time);

const shortened = (url) => url.replace(/^.*\/(?=(?:apps|libs|node_modules)\/)/, '').replace('/dist/', '/');

/** A package, a folder of ours, or what the engine calls it. */
function partOf(name, place) {
  if (place === '') return name.startsWith('(') ? name : 'engine';
  if (place.startsWith('node:')) return 'node';
  const parts = place.split('/');
  if (parts[0] === 'node_modules') return parts.slice(1, parts[1].startsWith('@') ? 3 : 2).join('/');
  return parts.slice(0, Math.min(parts.length - 1, 4)).join('/');
}

function shares(times, total) {
  const sorted = [...times].sort(([, a], [, b]) => b - a).slice(0, shown);
  return Object.fromEntries(sorted.map(([name, time]) => [name, Math.round((time / total) * 1000) / 1000]));
}
