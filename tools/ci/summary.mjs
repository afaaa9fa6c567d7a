// The last line of CI: true counts. Tests from Jest's report; each further stage counts as one.
import { readFileSync } from 'node:fs';

const [report, ...stages] = process.argv.slice(2);
const jest = JSON.parse(readFileSync(report, 'utf8'));
const failedStages = stages.filter((stage) => !stage.endsWith('=0'));
for (const stage of failedStages) console.log(`failed: ${stage.split('=')[0]}`);
for (const suite of jest.testResults.filter((result) => result.status === 'failed'))
  console.log(`failed: ${suite.name}`);
// A suite that could not even start holds no failed test: it counts as one.
const failed = jest.numFailedTests + jest.numRuntimeErrorTestSuites + failedStages.length;
const passed = jest.numPassedTests + stages.length - failedStages.length;
console.log(`${passed} passed, ${failed} failed, ${jest.numPendingTests + jest.numTodoTests} skipped`);
