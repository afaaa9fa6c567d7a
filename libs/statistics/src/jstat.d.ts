/** The few functions of jStat that are used here. The package ships no types. */
declare module 'jstat' {
  interface JStat {
    readonly normal: {
      inv(probability: number, mean: number, standardDeviation: number): number;
    };
    /** Natural logarithm of the number of ways to choose `m` of `n`. */
    combinationln(n: number, m: number): number;
  }
  const module: { readonly jStat: JStat };
  export default module;
}
