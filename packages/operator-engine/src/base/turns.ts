/** Lets one at a time through, in the order in which they ask. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  async take<Result>(body: () => Result | Promise<Result>): Promise<Result> {
    const turn = this.#last.then(body);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
