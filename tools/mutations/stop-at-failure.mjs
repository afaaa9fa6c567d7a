/** A reporter of Jest: one failed test is all that a mutation needs, so the process ends with it and the tests after it are not run. */
export default class StopAtFailure {
  onTestCaseResult(_test, { status }) {
    if (status === 'failed') process.exit(Number(process.env.MOOLA_EXIT_ON_FAILURE));
  }
}
