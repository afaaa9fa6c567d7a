import { describe, expect, it } from '@jest/globals';
import { incidentUrl, withIncidentUrl } from './incident-url.js';

describe('the address of an incident', () => {
  it.each([
    [
      'https://moola.example.com',
      'live',
      'm~Drop~1',
      'https://moola.example.com/?environment=live#/incidents/m~Drop~1',
    ],
    [
      'https://x.example/moola/',
      'a b',
      'ü/1~R~1',
      'https://x.example/moola/?environment=a%20b#/incidents/%C3%BC%2F1~R~1',
    ],
    ['https://x.example/?a=b#c', 'live', 'm~R~1', 'https://x.example/?environment=live#/incidents/m~R~1'],
    [undefined, 'live', 'm~R~1', ''],
    ['', 'live', 'm~R~1', ''],
  ])('below %s, in %s, of %s', (publicUrl, environment, incident, url) => {
    expect(incidentUrl(publicUrl, environment, incident)).toBe(url);
  });

  it('stands below the title of a post-mortem', () => {
    expect(withIncidentUrl('# Post-mortem: m\n\ntext $1\n', 'https://x/?e=$1')).toBe(
      '# Post-mortem: m\n\n[The incident on the console](<https://x/?e=$1>)\n\ntext $1\n',
    );
    expect(withIncidentUrl('# Post-mortem: m\n', '')).toBe('# Post-mortem: m\n');
  });
});
