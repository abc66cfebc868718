/** The entities that every installation has. */
import type { EntityDefinition } from '../entity.ts';
import action from './action.json' with { type: 'json' };
import archive from './archive.json' with { type: 'json' };
import calendar from './calendar.json' with { type: 'json' };
import call from './call.json' with { type: 'json' };
import company from './company.json' with { type: 'json' };
import contact from './contact.json' with { type: 'json' };
import contract from './contract.json' with { type: 'json' };
import deal from './deal.json' with { type: 'json' };
import formSubmission from './form_submission.json' with { type: 'json' };
import invoice from './invoice.json' with { type: 'json' };
import lead from './lead.json' with { type: 'json' };
import meeting from './meeting.json' with { type: 'json' };
import message from './message.json' with { type: 'json' };
import order from './order.json' with { type: 'json' };
import product from './product.json' with { type: 'json' };
import recommendation from './recommendation.json' with { type: 'json' };
import report from './report.json' with { type: 'json' };
import successRate from './success_rate.json' with { type: 'json' };
import task from './task.json' with { type: 'json' };
import team from './team.json' with { type: 'json' };
import ticket from './ticket.json' with { type: 'json' };
import user from './user.json' with { type: 'json' };

/** The compiler reads every string of a JSON file as `string`; a test checks the form. */
const known = (definition: unknown): EntityDefinition => definition as EntityDefinition;

export const builtInEntities: readonly EntityDefinition[] = [
  lead,
  contact,
  company,
  deal,
  task,
  ticket,
  order,
  invoice,
  contract,
  product,
  user,
  team,
  message,
  call,
  meeting,
  formSubmission,
  report,
  archive,
  calendar,
  action,
  recommendation,
  successRate,
].map(known);
