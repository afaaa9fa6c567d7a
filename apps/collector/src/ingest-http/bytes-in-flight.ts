/** How many bytes of bodies are held, being read or worked on, and how many may be. */
export class BytesInFlight {
  private held = 0;

  constructor(readonly most: number) {}

  /** The part of one body. It holds nothing until bytes arrive: who only says that a body comes takes no room. */
  share(): BodyShare {
    let own = 0;
    return {
      // One body is always let in, so that a small bound does not shut a large one out for ever.
      fits: (bytes) => this.held === own || this.held + bytes <= this.most,
      add: (bytes) => {
        own += bytes;
        this.held += bytes;
      },
      release: () => {
        this.held -= own;
        own = 0;
      },
    };
  }
}

export interface BodyShare {
  /** Whether there is room for so many more bytes of this body. */
  fits(bytes: number): boolean;
  /** So many more bytes are held. */
  add(bytes: number): void;
  /** Gives all of it back; again, nothing more. */
  release(): void;
}
