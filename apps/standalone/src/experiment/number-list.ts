/** Numbers, eight bytes each. */
export class NumberList {
  length = 0;
  private items = new Float64Array(1024);

  push(value: number): void {
    if (this.length === this.items.length) {
      const larger = new Float64Array(2 * this.length);
      larger.set(this.items);
      this.items = larger;
    }
    this.items[this.length++] = value;
  }

  at(index: number): number {
    return this.items[index] as number;
  }

  addAt(index: number, value: number): void {
    (this.items[index] as number) += value;
  }

  sorted(): Float64Array {
    return this.items.slice(0, this.length).sort();
  }
}
