/** One entry of the catalogue of errors. `status` is the HTTP status that the API answers with. */
export interface ErrorEntry {
  readonly status: number;
  /** What happened, one sentence, without the particulars. */
  readonly title: string;
  /** What to do about it: the way out. */
  readonly hint: string;
}
