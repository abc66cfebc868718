export function formatInteger(_value: number | undefined, _picture: string | undefined): string | undefined {
  throw new Error('TODO');
}
export function parseInteger(_text: string | undefined, _picture: string | undefined): number | undefined {
  throw new Error('TODO');
}
