export function formatDate(_millis: number, _picture: string | undefined, _zone: string | undefined): string {
  throw new Error('TODO');
}
