/** How many bytes of bodies are being read or worked on, and how many may be. */
export class BytesInFlight {
  private held = 0;

  constructor(readonly most: number) {}

  /**
   * Makes room for a body. One body is always let in, so that a small bound does not shut a large one out for ever.
   * @returns gives the room back, once; `null` when there is none.
   */
  reserve(bytes: number): (() => void) | null {
    if (this.held > 0 && this.held + bytes > this.most) return null;
    this.held += bytes;
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.held -= bytes;
    };
  }
}
