/** PD's refusal of a request: its status and its own words, sent as a JSON string. */
export class PdRefusal extends Error {
  readonly status: number;

  constructor(status: number, text: string) {
    super(text);
    this.status = status;
  }
}
