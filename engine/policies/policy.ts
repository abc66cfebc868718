/** What the priority of a record allows: who may write to its client, and whether a person takes it. */
import type { Policy, Priorities } from '../../schemas/entity.ts';
import type { Json } from '../../schemas/json.ts';
import type { RecordView } from '../node/context.ts';
import type { EntityRegistry } from '../records/index.ts';

/** The policy of one record, and whose it is. */
export interface RecordPolicy extends Policy {
  priority: number;
  record: Pick<RecordView, 'id' | 'entity'> & { name: string };
}

/** Undefined where the record has no priority, or nothing is said of it: then everything is allowed. */
export function policyOf(entities: EntityRegistry, record: RecordView): RecordPolicy | undefined {
  const priorities = entities.get(record.entity)?.definition.priorities;
  const priority = priorities && record[priorities.field];
  if (typeof priority !== 'number') return undefined;
  const policy = priorities?.policies[String(priority)];
  return policy && { ...policy, priority, record: { id: record.id, entity: record.entity, name: nameOf(record) } };
}

const nameOf = ({ name, id }: RecordView): string => (typeof name === 'string' && name !== '' ? name : id);

const STRICT: Readonly<Record<Policy['contact'], number>> = { automatic: 0, offered: 1, people_only: 2 };

/** The one that allows least of contact; of equal ones the first. */
export const strictest = (policies: readonly RecordPolicy[]): RecordPolicy | undefined =>
  policies.reduce<RecordPolicy | undefined>(
    (least, policy) => (least === undefined || STRICT[policy.contact] > STRICT[least.contact] ? policy : least),
    undefined,
  );

/** Of two values of the field with the priority the one that keeps more messages back; of equal ones the first that is there. For merging. */
export function stricterPriority({ policies }: Priorities, own: Json, other: Json): Json {
  const strictness = (value: Json): number => (value === null ? -1 : STRICT[policies[String(value)]?.contact ?? 'automatic']);
  return strictness(other) > strictness(own) ? other : own;
}

/** Why an automatic message does not leave, as a sentence. */
export function contactInWords({ contact, priority, record }: RecordPolicy, locale: 'en' | 'ru'): string {
  if (locale === 'ru') {
    const whose = `«${record.name}»: приоритет ${priority}.`;
    return contact === 'people_only'
      ? `${whose} С этим клиентом общаются только люди, автоматические сообщения не отправляются.`
      : `${whose} Автоматическое сообщение сначала предлагается человеку.`;
  }
  const whose = `"${record.name}" has the priority ${priority}.`;
  return contact === 'people_only'
    ? `${whose} Only people write to this client; automatic messages are not sent.`
    : `${whose} An automatic message is offered to a person first.`;
}

/** Why the record is not given to a person, as a sentence. */
export const noPersonInWords = ({ priority, record }: RecordPolicy, locale: 'en' | 'ru'): string =>
  locale === 'ru'
    ? `«${record.name}»: приоритет ${priority}. Запись обрабатывается автоматически и не передаётся человеку.`
    : `"${record.name}" has the priority ${priority}. It is treated automatically and not given to a person.`;
