/**
 * Makes a function or a class of source text that was put together from one of our tables, once, at start. For what is run
 * for every row: a loop over a table calls a function a column and looks names up, which takes 8 to 40 times as long
 * (docs/decisions/0020-tables-of-columns.md). No text that comes from outside may become part of the source.
 * @param name shown in stack traces
 * @param scope what the source may name
 * @param source an expression
 */
export function compile(name: string, scope: Readonly<Record<string, unknown>>, source: string): unknown {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the source is made of constants
  const make = new Function(...Object.keys(scope), `'use strict'; return ${source}\n//# sourceURL=moola/${name}`) as (
    ...values: unknown[]
  ) => unknown;
  return make(...Object.values(scope));
}
