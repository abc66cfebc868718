/** The rules of the books. Each is one question; a row of its answer is a finding: `fault`, `subject`, `detail`. */

import { CAP } from './load.ts';

export interface Rule {
  name: string;
  text: string;
}

/** Compares what there is with what there should be. */
const balance = (there: string, should: string): string => `case when ${there} < ${should} then 'lost' else 'doubled_inside' end as fault`;
const figures = (there: string, should: string): string => `${there} || ' instead of ' || ${should} as detail`;

/** When the transaction that wrote the row was committed; the asking one is not yet. Needs `track_commit_timestamp`. */
const committed = (row: string): string => `coalesce(pg_xact_commit_timestamp(${row}.xmin), clock_timestamp())`;

/** What ends a run. */
const ENDED = `('done', 'cancelled', 'refused')`;

export const rules: readonly Rule[] = [
  {
    name: 'an order that was taken is one event',
    text: `select ${balance('count(e.id)', '1')}, o.id as subject, ${figures('count(e.id)', '1')}
      from drill_order o left join drill_event e on e."order" = o.id group by o.id having count(e.id) <> 1`,
  },
  {
    name: 'an event has one run',
    text: `select ${balance('count(r.id)', '1')}, e."order" as subject, ${figures('count(r.id)', '1')}
      from drill_event e left join runs r on r.event_id = e.id and r.parent is null group by e.id, e."order" having count(r.id) <> 1`,
  },
  {
    name: 'a run is done, or waits for what can come',
    text: `select 'stuck' as fault, r.id::text as subject, r.workflow_id || ' is ' || r.status || coalesce(': ' || r.error::text, '') as detail
      from runs r left join drill_run d on d.id = r.id
      where r.status <> 'done' and not (r.status = 'waiting' and r.due_at is null and coalesce(d.silent, false)
        and exists (select 1 from waits w where w.run_id = r.id and w.correlation = 'record:' || r.record_id))`,
  },
  {
    name: 'a run that is done went through each of its steps, each once',
    text: `select ${balance('coalesce(s.times, 0)', 'x.times')}, r.id::text as subject,
        x.node || ': ' || ${figures('coalesce(s.times, 0)', 'x.times')}
      from drill_run r join drill_step x on x.kind = r.kind
        left join (select run_id, node, count(*) as times from steps where status = 'done' group by run_id, node) s on s.run_id = r.id and s.node = x.node
      where coalesce(s.times, 0) > x.times or (r.status = 'done' and coalesce(s.times, 0) < x.times)`,
  },
  {
    name: 'an order has its tasks',
    text: `select ${balance('count(t.id)', 'min(k.tasks)')}, o.id as subject, ${figures('count(t.id)', 'min(k.tasks)')}
      from drill_order o join drill_task k using (kind) left join records t on t.entity = 'task' and t.name = 'Drill ' || o.id
      group by o.id, o.silent having count(t.id) <> case when o.silent then 0 else min(k.tasks) end`,
  },
  {
    name: 'a lead has counted its orders',
    text: `select ${balance('there', 'should')}, key as subject, ${figures('there', 'should')}
      from (select r.key, (r.data ->> 'score')::int as there, (select count(*) from drill_order o where o.kind = 'count' and o.lead = r.key) as should
        from records r where r.entity = 'lead') t
      where there <> should`,
  },
  {
    name: 'the history of a record is whole',
    text: `select ${balance('count(c.version)', 'r.version')}, r.entity || ' ' || r.id as subject, ${figures('count(c.version)', 'r.version')}
      from records r left join record_changes c on c.record_id = r.id group by r.id having count(c.version) <> r.version`,
  },
  {
    name: 'each turn of the round-robin was given out once',
    text: `select ${balance('given', 'taken')}, 'round-robin' as subject, ${figures('given', 'taken')}
      from (select (select count(*) from steps s join drill_run r on r.id = s.run_id where s.node = 'owner' and s.status = 'done') as given,
        coalesce((select (value ->> 'given')::int from marks where key = 'assign:turns:users:drill-assign/owner'), 0) as taken) t
      where given <> taken`,
  },
  {
    name: 'equal people get equally much',
    text: `select 'doubled_inside' as fault, 'round-robin' as subject, 'between ' || min(n) || ' and ' || max(n) as detail
      from (select u.id, count(s.run_id) as n from records u
        left join steps s on s.node = 'owner' and s.status = 'done' and s.output ->> 'owner' = u.id::text
        where u.entity = 'user' and u.key like 'drill-%' group by u.id) t
      having max(n) - min(n) > 1`,
  },
  {
    name: 'nobody gets more than their cap',
    text: `select 'doubled_inside' as fault, coalesce(u.key, 'nobody') as subject, count(*) || ' in the hour from ' || date_trunc('hour', s.ended_at) as detail
      from steps s join records u on u.id::text = s.output ->> 'owner'
      where s.node = 'capped' and s.status = 'done' and u.key like 'capped-%'
      group by u.key, date_trunc('hour', s.ended_at) having count(*) > ${CAP}`,
  },
  {
    name: 'a section has called its parts',
    text: `select ${balance('count(c.id)', '3')}, r.id::text as subject, ${figures('count(c.id)', '3')}
      from drill_run r left join runs c on c.parent ->> 'run' = r.id::text
      where r.kind = 'section' and r.status = 'done' group by r.id having count(c.id) <> 3`,
  },
  {
    // By when the transactions were committed: a step's own times are from before its transaction had the place's lock.
    name: 'a section has one run within',
    text: `select 'doubled_inside' as fault, run_id::text as subject,
        'another one entered ' || extract(epoch from left_at - next) * 1000 || ' ms before it left' as detail
      from (select i.run_id, ${committed('o')} as left_at, lead(${committed('i')}) over (partition by e.data ->> 'shelf' order by ${committed('i')}) as next
        from steps i join steps o on o.run_id = i.run_id and o.node = 'leave' and o.status = 'done'
          join runs r on r.id = i.run_id join events e on e.id = r.event_id
        where r.workflow_id = 'drill-section' and i.node = 'enter' and i.status = 'done') t
      where next < left_at`,
  },
  {
    name: 'what was to leave the house has reached the outside',
    text: `select 'lost' as fault, o.id as subject, channel || ' was never heard of' as detail
      from drill_order o cross join (values ('http'), ('mail')) c (channel)
      where o.kind = 'send' and not exists (select 1 from drill_received h where h.channel = c.channel and h."order" = o.id)`,
  },
  {
    name: 'the outside hears of an order under one key',
    text: `select 'outside_without_key' as fault, "order" as subject, channel || ': ' || string_agg(distinct '"' || key || '"', ', ') as detail
      from drill_received group by channel, "order" having count(distinct key) > 1 or bool_or(key = '')`,
  },
  {
    name: 'a key belongs to one order',
    text: `select 'outside_without_key' as fault, key as subject, string_agg(distinct "order", ', ') as detail
      from drill_received where key <> '' group by channel, key having count(distinct "order") > 1`,
  },
  {
    name: 'a key that the outside has heard stands in the outbox',
    text: `select 'outside_without_key' as fault, h.key as subject, h.channel || ' of ' || h."order" as detail
      from drill_received h where h.key <> ''
        and not exists (select 1 from effects f where h.channel = 'http' and f.key = h.key)
        and not exists (select 1 from effects f where h.channel = 'mail' and f.result ->> 'messageId' = h.key)`,
  },
  {
    name: 'a step has one effect',
    text: `select 'doubled_inside' as fault, run_id::text as subject, node || ': ' || count(*) || ' effects' as detail
      from effects group by run_id, node having count(*) > 1`,
  },
  {
    name: 'no effect is left in the outbox',
    text: `select 'stuck' as fault, key as subject, status || coalesce(': ' || error::text, '') as detail from effects where status <> 'sent'`,
  },
  {
    name: 'the queue has no job left',
    text: `select 'stuck' as fault, id::text as subject, 'job is ' || state as detail
      from pgboss.job where name = 'effects' and state in ('created', 'retry', 'active', 'failed')`,
  },
  {
    name: 'no run that has ended holds a place or is in line for one',
    text: `select 'stuck' as fault, m.key as subject, 'run ' || (v ->> 'run') || ' is ' || coalesce(r.status, 'not there') as detail
      from marks m
        cross join lateral jsonb_array_elements(jsonb_build_array(m.value -> 'holder') || coalesce(m.value -> 'queue', '[]')) v
        left join runs r on r.id::text = v ->> 'run'
      where jsonb_typeof(m.value) = 'object' and m.value ? 'holder' and v ->> 'run' is not null and (r.id is null or r.status in ${ENDED})`,
  },
  {
    name: 'no run that has ended waits for an event',
    text: `select 'stuck' as fault, w.run_id::text as subject, w.type || ' ' || w.correlation as detail
      from waits w left join runs r on r.id = w.run_id where r.id is null or r.status in ${ENDED}`,
  },
  {
    name: 'no signal is left',
    text: `select 'stuck' as fault, run_id::text as subject, payload::text as detail from signals`,
  },
  {
    name: 'no session holds a transaction open',
    text: `select 'stuck' as fault, 'session ' || pid as subject, state || ': ' || left(query, 200) as detail
      from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
        and state like 'idle in transaction%' and state_change <= clock_timestamp() - (select idle from drill_limit)`,
  },
  {
    name: 'no session holds an advisory lock',
    text: `select 'stuck' as fault, 'session ' || l.pid as subject, l.classid || '/' || l.objid as detail
      from pg_locks l join pg_stat_activity a using (pid)
      where l.locktype = 'advisory' and l.pid <> pg_backend_pid() and a.datname = current_database()
        and a.state_change <= clock_timestamp() - (select idle from drill_limit)`,
  },
];
