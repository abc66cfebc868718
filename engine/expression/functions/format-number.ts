export function formatNumber(_value: number | undefined, _picture: string | undefined, _options: unknown): string | undefined {
  throw new Error('TODO');
}
