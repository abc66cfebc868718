/** Next best actions: what somebody is to do today, what is recommended for a record, answers, and what it all brings. */
import { Argument, type Command, Option } from 'commander';
import type { Judgement } from '../../../engine/deciding/index.ts';
import type { RecordView } from '../../../engine/node/context.ts';
import type { JudgedPolicy, Reward } from '../../../engine/recommendations/judge.ts';
import type { Standing } from '../../../engine/recommendations/measures.ts';
import { RECOMMENDATION_GROUPS, type RecommendationGroup } from '../../../engine/recommendations/report.ts';
import { momentOf } from '../../../engine/time/moment.ts';
import { ANSWERS, type Answer, DECLINE_REASONS } from '../../../nodes/index.ts';
import { answerRecommendation } from '../../recommendations/answer.ts';
import { judgeByRecommendations } from '../../recommendations/judge.ts';
import { type RecommendationMeasures, recommendationMeasures } from '../../recommendations/measures.ts';
import { hintFor, type Locale, queueOf } from '../../recommendations/people.ts';
import { examples, jsonOption } from '../arguments.ts';
import { type CliContext, cliAuthor } from '../context.ts';
import { count, duration, moment, showFields, showJson, showTable } from '../show.ts';

export function addRecommendations(nba: Command, context: CliContext): void {
  addQueue(nba, context);
  addHint(nba, context);
  addAnswer(nba, context);
  addMeasures(nba, context);
  addJudge(nba, context);
}

const localeOption = (): Option => new Option('--locale <locale>', 'language of the words').choices(['en', 'ru']).default('en');

function addQueue(nba: Command, { io, visit }: CliContext): void {
  nba
    .command('queue')
    .description('what a person is to do today, by the minutes that are left')
    .argument('<user>', 'id of the user')
    .addOption(localeOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('takt nba queue <id>', 'takt nba queue <id> --locale ru'))
    .action((user: string, { locale, json }: { locale: Locale; json?: true }) =>
      visit(async ({ engine }) => {
        const queue = await queueOf(engine, user, locale);
        if (json) return showJson(io, queue);
        io.out(`${queue.name}, ${queue.day}`);
        io.out(queue.text);
        for (const { title, record_name, why } of queue.why_waiting) io.out(`  ${title} – ${record_name}: ${why}`);
      }),
    );
}

function addHint(nba: Command, { io, visit }: CliContext): void {
  nba
    .command('hint')
    .description('what is recommended for a record, and what was')
    .argument('<record>', 'id of the record')
    .addOption(jsonOption())
    .action((record: string, { json }: { json?: true }) =>
      visit(async ({ engine }) => {
        const hint = await hintFor(engine, record);
        if (json) return showJson(io, hint);
        for (const one of hint.open) for (const line of hintLines(one)) io.out(line);
        if (hint.open.length === 0) io.out('Nothing is recommended for it now.');
        showTable(
          io,
          ['recommendation', 'what', 'how it ended', 'when'],
          hint.past.map((one) => [one.id, one.title, one.stage, momentIn(one.settled_at ?? one.updated_at)]),
          '',
        );
      }),
    );
}

function hintLines({ id, title, stage, why, reason }: RecordView): string[] {
  return [`${title} (${stage}, ${id})`, ...[reason, why].flatMap((text) => (typeof text === 'string' ? [`  ${text}`] : []))];
}

const momentIn = (value: unknown): string => (typeof value === 'string' ? moment(Date.parse(value)) : '');

function addAnswer(nba: Command, { io, visit }: CliContext): void {
  nba
    .command('answer')
    .description('accept, do, put off or decline a recommendation, or take the answer of the last day back')
    .argument('<recommendation>', 'its id')
    .addArgument(new Argument('<answer>', 'what you say to it').choices([...ANSWERS]))
    .addOption(new Option('--reason <reason>', 'why it is declined').choices([...DECLINE_REASONS]))
    .option('--until <moment>', 'until when it is put off, or nothing is to be proposed for the record')
    .option('--note <text>', 'in your words')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'takt nba answer <id> done',
        'takt nba answer <id> decline --reason on_holiday --until 2027-01-11',
        'takt nba answer <id> undo',
      ),
    )
    .action((id: string, answer: Answer['answer'], options: { reason?: Answer['reason']; until?: string; note?: string; json?: true }) =>
      visit(async ({ engine }) => {
        const given: Answer = { answer };
        if (options.reason !== undefined) given.reason = options.reason;
        if (options.until !== undefined) given.until = momentOf(options.until, 'UTC');
        if (options.note !== undefined) given.note = options.note;
        const one = await answerRecommendation(engine, id, given, cliAuthor());
        if (options.json) return showJson(io, one);
        io.out(`${one.title}: ${one.stage}.`);
      }),
    );
}

const COLUMNS = ['told', 'adopted', 'declined', 'succeeded', 'reaction', 'earned'] as const;
const MARKS: Record<Standing, string> = { good: '', fair: '', bad: ' *', too_few: '' };

function addMeasures(nba: Command, { io, visit }: CliContext): void {
  nba
    .command('measures')
    .description('what recommending brings, beside the aims')
    .option('--from <moment>', 'a moment or a day; thirty days before --until without it')
    .option('--until <moment>', 'does not belong to the time; now without it')
    .addOption(new Option('--by <what>', 'what makes groups').choices([...RECOMMENDATION_GROUPS]).default('action'))
    .addOption(jsonOption())
    .addHelpText('after', examples('takt nba measures --by person', 'takt nba measures --from 2027-03-01 --until 2027-04-01 --json'))
    .action(({ json, ...options }: { from?: string; until?: string; by: RecommendationGroup; json?: true }) =>
      visit(async ({ engine }) => {
        const measures = await recommendationMeasures(engine, options);
        if (json) return showJson(io, measures);
        const { from, until, by, total, groups } = measures;
        io.out(`Recommendations of ${moment(Date.parse(from))} – ${moment(Date.parse(until))} (UTC)`);
        if (groups.length === 0) return io.out('Nothing was recommended in this time.');
        showTable(
          io,
          [by, ...COLUMNS],
          [
            ...groups.map((group) => [group.title ?? 'none', ...cells(group)]),
            ['all', ...cells(total)],
            ['aim', '', '≥ 60 %', '', '≥ 25 %', '≤ 2 h', ''],
          ],
          '',
        );
        io.out('* far from the aim.');
        io.out(liftLine(total));
      }),
    );
}

function cells({ told, adoption, declined, precision, reactionMs, earned, standing }: RecommendationMeasures['total']): string[] {
  return [
    count(told),
    percent(adoption) + MARKS[standing.adoption],
    count(declined),
    percent(precision) + MARKS[standing.precision],
    reactionMs === null ? '' : duration(reactionMs) + MARKS[standing.reactedInTime],
    Object.entries(earned)
      .map(([currency, amount]) => `${count(Math.round(amount))} ${currency}`)
      .join(', '),
  ];
}

function liftLine({ lift }: RecommendationMeasures['total']): string {
  if (!lift)
    return 'What recommending brings cannot be told yet: it takes 30 outcomes of records that were held out (hold_out), and of others.';
  const [low, high] = lift.interval;
  return `Records that were recommended something succeed in ${percent(lift.rate)}, those held out in ${percent(lift.heldOutRate)}: a difference of ${points(lift.difference)} (${points(low)} to ${points(high)}).`;
}

const ANSWERED: Record<Judgement['answer'], string> = {
  better: 'It would bring more.',
  worse: 'It would bring less.',
  no_difference: 'No difference can be seen.',
  too_little: 'Too little is known to say.',
};

function addJudge(nba: Command, { io, visit }: CliContext): void {
  nba
    .command('judge')
    .description('what another way to choose would have brought, before it goes live')
    .addArgument(new Argument('<policy>', 'best: what gains most; likeliest; or the name of an action, wherever it was possible'))
    .addOption(new Option('--reward <what>', 'what counts').choices(['success', 'earned']).default('success'))
    .option('--from <moment>', 'a moment or a day; half a year before --until without it')
    .option('--until <moment>', 'does not belong to the time; now without it')
    .addOption(jsonOption())
    .addHelpText('after', examples('takt nba judge best', 'takt nba judge call --reward earned'))
    .action((name: string, { json, ...options }: { reward: Reward; from?: string; until?: string; json?: true }) =>
      visit(async ({ engine }) => {
        const policy: JudgedPolicy = name === 'best' || name === 'likeliest' ? { kind: name } : { kind: 'always', action: name };
        const judged = await judgeByRecommendations(engine, { policy, ...options });
        if (json) return showJson(io, judged);
        const line = ({ value, interval: [low, high] }: Judgement['gain']): string => `${round(value)} (${round(low)} to ${round(high)})`;
        showFields(io, [
          ['recommendations', `${count(judged.rows)}, as good as ${count(Math.round(judged.effective))} of its own`],
          ['came', line(judged.logged)],
          ['would have come', line(judged.selfNormalised)],
          ['difference', line(judged.gain)],
          ['answer', ANSWERED[judged.answer]],
        ]);
        for (const { message } of judged.weaknesses) io.out(message);
      }),
    );
}

const round = (value: number): string => String(Math.round(value * 1_000) / 1_000);
const percent = (share: number | null): string => (share === null ? '' : `${Math.round(share * 1_000) / 10} %`);
const points = (share: number): string => `${Math.round(share * 1_000) / 10} points`;
