/** Where a panel is, in Grafana's grid: 24 columns. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

interface Drawn {
  readonly title: string;
  readonly place: Place;
  /** No query of it has answered anything. */
  readonly empty: boolean;
}

/** A panel with the answers to its queries, ready to be drawn. */
export type DrawnPanel =
  | (Drawn & { readonly kind: 'row' })
  | (Drawn & { readonly kind: 'stat'; readonly texts: readonly string[]; readonly colour: string | null })
  | (Drawn & { readonly kind: 'table'; readonly rows: readonly (readonly string[])[] })
  | (Drawn & {
      readonly kind: 'states';
      readonly series: readonly {
        readonly legend: string;
        /** From 0 to 1 of the time shown. */
        readonly spans: readonly { readonly from: number; readonly to: number; readonly colour: string }[];
      }[];
    })
  | (Drawn & {
      readonly kind: 'lines';
      readonly unit: string;
      /** Below the lines: names; right of them: names and last values. */
      readonly legend: 'below' | 'right';
      /** Seconds since the epoch. */
      readonly times: readonly number[];
      readonly series: readonly {
        readonly legend: string;
        readonly values: readonly (number | null)[];
        /** `null`: one of the palette, and a whole line. */
        readonly look: { readonly colour: string; readonly dash: readonly number[] } | null;
      }[];
    });
