/** Makes the files of document.pdf. */
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { type Connector, type NewFile, TaktError } from '../../engine/sdk.ts';
import { DocumentPayload } from '../document/payload.ts';
import { reached } from './mailbox.ts';
import { payloadReader } from './payload.ts';
import { layout } from './pdf-layout.ts';

const payloadOf = payloadReader(DocumentPayload);

const MOST_PAGES = 200;
const MOST_BYTES = 10_000_000;

export interface DocumentConnectorOptions {
  /** Keeps a file and gives its id; of one with an `effectKey` that is there already, that one's id. */
  storeFile(file: NewFile): Promise<{ id: string }>;
}

/**
 * The connector `document`. Result: `{ file, name, size, pages }`. Equal documents become equal bytes. A document of 5,000 rows
 * takes about 1.3 s, in which the process does nothing else. Throws TaktError DOCUMENT_TOO_LARGE.
 */
export function documentConnector({ storeFile }: DocumentConnectorOptions): Connector {
  return {
    name: 'document',
    async send(payload, { key, runId, recordId }) {
      const document = payloadOf(payload);
      const { bytes, pages } = await render(document);
      const { name } = document;
      const { id } = await reached(storeFile({ effectKey: key, name, mime: 'application/pdf', bytes, runId, recordId: recordId ?? null }));
      return { file: id, name, size: bytes.byteLength, pages };
    },
  };
}

async function render(document: DocumentPayload): Promise<{ bytes: Uint8Array; pages: number }> {
  const pdfmake = await printer();
  let pages = 0;
  const definition = layout(document, (count) => {
    if (count > MOST_PAGES) throw tooLarge(`The document has ${count} pages; ${MOST_PAGES} are allowed.`);
    pages = count;
  });
  const bytes = await pdfmake.createPdf(definition).getBuffer();
  if (bytes.byteLength > MOST_BYTES) throw tooLarge(`The document has ${bytes.byteLength} bytes; ${MOST_BYTES} are allowed.`);
  return { bytes, pages };
}

const tooLarge = (message: string): TaktError => new TaktError('DOCUMENT_TOO_LARGE', { message });

/** Loaded with the first document: a process that makes none does not pay the 100 ms. */
async function printer() {
  const { default: pdfmake } = await import('pdfmake');
  // The package brings Roboto as TrueType files, with Latin, Greek and Cyrillic letters.
  const folder = join(dirname(createRequire(import.meta.url).resolve('pdfmake/package.json')), 'fonts', 'Roboto');
  pdfmake.setFonts({ Roboto: { normal: join(folder, 'Roboto-Regular.ttf'), bold: join(folder, 'Roboto-Medium.ttf') } });
  // Documents come from templates: nothing in them may make the process read a file or an address.
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy((path) => path.startsWith(folder + sep));
  return pdfmake;
}
