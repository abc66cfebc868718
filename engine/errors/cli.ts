import type { ErrorEntry } from './types.ts';

export const cliErrors = {
  CLI_USAGE: { status: 400, title: 'The command cannot be understood', hint: 'See takt --help.' },
  FILE_UNREADABLE: { status: 400, title: 'A file cannot be read', hint: 'Check the path and the rights of the file.' },
  FILE_UNWRITABLE: {
    status: 400,
    title: 'A file cannot be written',
    hint: 'Check the path, the rights of its folder and the space on the disk.',
  },
  IMPORT_MAP_INVALID: {
    status: 422,
    title: 'The map of the import has errors',
    hint: 'Mend the places named under "errors"; they are all of them. docs/import.md describes the map.',
  },
  IMPORT_COLUMN_UNKNOWN: { status: 422, title: 'The file has no such column', hint: "Correct the map, or the file's first line." },
  IMPORT_COLUMN_TWICE: {
    status: 422,
    title: 'The file has two columns of one name',
    hint: "Rename one of them in the file's first line.",
  },
  IMPORT_ENCODING: {
    status: 422,
    title: 'The file is not UTF-8',
    hint: 'Save it as "CSV UTF-8", or convert it: iconv -f windows-1251 -t utf-8 old.csv > new.csv',
  },
  IMPORT_FILE_BROKEN: {
    status: 422,
    title: 'The file cannot be read any further',
    hint: 'Mend the file at the named line, then import it again.',
  },
  IMPORT_FILE_EMPTY: {
    status: 422,
    title: 'The file has no rows',
    hint: 'A CSV file has its column names in the first line and a row in each other.',
  },
  IMPORT_ROW_BROKEN: { status: 422, title: 'A row cannot be read', hint: 'Mend the row.' },
  IMPORT_KEY_MISSING: {
    status: 422,
    title: 'A row has no key',
    hint: 'Every record needs a key, so that the import can be repeated. Mend the row, or leave such rows out by "skip".',
  },
  IMPORT_SKIP: { status: 422, title: 'The condition "skip" failed on this row', hint: 'Check the condition of the map.' },
  HOLIDAYS_PLACE: { status: 422, title: 'There is no such country or region', hint: 'Give the two letters of a country, such as ru.' },
  HOLIDAYS_LANGUAGE: { status: 422, title: 'The holidays have no names in this language', hint: 'Leave the language out.' },
  START_PORT: { status: 409, title: 'The port cannot be used', hint: 'Choose another port: npm start -- --port 7071' },
  START_SECRET: {
    status: 400,
    title: 'The secret key cannot be used',
    hint: 'Give 32 random bytes in base64: TAKT_SECRET_KEY="$(openssl rand -base64 32)"',
  },
} as const satisfies Record<string, ErrorEntry>;
