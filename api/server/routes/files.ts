import { Type } from 'typebox';
import { idParams } from '../schemas.ts';
import type { Routes } from '../services.ts';

export const fileRoutes: Routes =
  ({ files }) =>
  async (app) => {
    app.get(
      '/files/:id',
      {
        config: { scope: 'records:read' },
        schema: {
          tags: ['files'],
          summary: 'A file that a workflow has made, as it is',
          produces: ['application/octet-stream'],
          params: idParams,
          response: { 200: Type.Unsafe<Buffer>({ type: 'string', format: 'binary' }) },
        },
      },
      async ({ params }, reply) => {
        const { bytes, mime, name } = await files.read(params.id);
        return reply.type(mime).header('content-disposition', disposition(name)).send(Buffer.from(bytes));
      },
    );
  };

/** To be kept, not shown, under its name (RFC 6266): in ASCII for old clients, in UTF-8 for all others. */
function disposition(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const full = encodeURIComponent(name).replace(/['()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${full}`;
}
