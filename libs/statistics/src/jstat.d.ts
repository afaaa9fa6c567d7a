/** The few functions of jStat that are used here. The package ships no types. */
declare module 'jstat' {
  interface JStat {
    readonly normal: {
      cdf(x: number, mean: number, standardDeviation: number): number;
      inv(probability: number, mean: number, standardDeviation: number): number;
    };
    readonly studentt: { inv(probability: number, freedom: number): number };
    /** Natural logarithm of the number of ways to choose `m` of `n`. */
    combinationln(n: number, m: number): number;
    /** `1 − erf(x)`: loses digits where it is small, absolute error about 1e-15. */
    erfc(x: number): number;
  }
  const module: { readonly jStat: JStat };
  export default module;
}
