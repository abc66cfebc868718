import { Type } from 'typebox';
import { defineNode, TaktError, Value } from '../../engine/sdk.ts';
import { RecordId } from '../support/params.ts';
import { isId } from '../support/record.ts';
import { brief } from '../support/summary.ts';
import { giveTurnBack, lockLedger, noteGiven } from './ledger.ts';
import { peopleOf, personOf } from './pool.ts';
import { weightOf } from './strategies.ts';

const Params = Type.Object(
  {
    team: Value(Type.String({ minLength: 1, maxLength: 200 }), { description: 'Key, id or name of the team whose turn it was.' }),
    user: Type.Optional(
      Value(Type.Union([RecordId, Type.Null()]), { description: "Id or key of the user; the record's owner without it." }),
    ),
  },
  { additionalProperties: false },
);

export const creditNode = defineNode({
  type: 'assign.credit',
  version: 1,
  title: 'Give a turn back',
  description:
    'What a person was given was for nothing – the client did not come, the lead was spam –: it does not count, and their next turn comes that much sooner.',
  params: Params,
  example: { team: 'sales' },
  summary: ({ team, user }) => `${brief(user, 'the owner')} in ${brief(team)}`,
  ports: ['next'],
  output: Type.Object({ user: Type.String({ format: 'uuid', description: 'Who has the turn back.' }) }),
  *run(ctx, params) {
    const wanted = params.user ?? ctx.record?.owner;
    if (typeof wanted !== 'string') throw new TaktError('NODE_RECORD_ID', { message: 'Nobody is named, and the record has no owner.' });
    const { id, user } = yield* personOf(ctx, wanted);
    if (!user || !isId(id)) throw new TaktError('NODE_RECORD_ID', { message: `There is no user ${JSON.stringify(wanted.slice(0, 60))}.` });
    const [pool] = yield* peopleOf(ctx, [{ team: params.team }]);
    yield* lockLedger([id], pool ? [pool.pointer] : []);
    noteGiven(ctx, id, -1);
    if (pool) giveTurnBack(ctx, pool.pointer, id, weightOf(user));
    return { kind: 'next', port: 'next', output: { user: id } };
  },
});
