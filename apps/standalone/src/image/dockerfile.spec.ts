import { describe, expect, it } from '@jest/globals';
import { readDockerfile, textsOf } from './dockerfile.js';

describe('deploy/Dockerfile', () => {
  const [build = [], image = [], ...others] = readDockerfile();

  it('builds in one stage, by the scripts that CI and the test of the image run, and ships the other', () => {
    expect(others).toEqual([]);
    expect(textsOf(build, 'RUN')).toEqual(['node tools/start/build.mjs && node tools/image/assemble.mjs /image']);
    expect(textsOf(image, 'COPY')).toEqual(['--from=build /image ./']);
  });

  it('is on the current LTS of Node', () => {
    expect(textsOf(build, 'FROM')).toEqual(['node:24-bookworm-slim AS build']);
    expect(textsOf(image, 'FROM')).toEqual(['node:24-bookworm-slim']);
  });

  it('runs as a user who is a number and not root, and who owns nothing but the folders for data', () => {
    expect(textsOf(image, 'USER')).toEqual(['1000:1000']);
    expect(textsOf(image, 'RUN')).toEqual(['mkdir /data /keys /settings && chown 1000:1000 /data /keys /settings']);
  });

  it('asks /healthz whether it is alive', () => {
    expect(textsOf(image, 'HEALTHCHECK')[0]).toMatch(/CMD \["node", "deploy\/healthy.mjs"\]$/);
  });

  it('says what it is', () => {
    const labels = textsOf(image, 'LABEL').join(' ');
    for (const name of ['title', 'description', 'version', 'revision', 'base.name'])
      expect(labels).toContain(`org.opencontainers.image.${name}=`);
  });
});
