export function parseDate(_text: string, _picture: string, _now: number): number | undefined {
  throw new Error('TODO');
}
