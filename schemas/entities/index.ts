/** The entities that every installation has. */
import type { EntityDefinition } from '../entity.ts';
import callJson from './call.json' with { type: 'json' };
import companyJson from './company.json' with { type: 'json' };
import contactJson from './contact.json' with { type: 'json' };
import contractJson from './contract.json' with { type: 'json' };
import dealJson from './deal.json' with { type: 'json' };
import formSubmissionJson from './form_submission.json' with { type: 'json' };
import invoiceJson from './invoice.json' with { type: 'json' };
import leadJson from './lead.json' with { type: 'json' };
import meetingJson from './meeting.json' with { type: 'json' };
import messageJson from './message.json' with { type: 'json' };
import orderJson from './order.json' with { type: 'json' };
import productJson from './product.json' with { type: 'json' };
import taskJson from './task.json' with { type: 'json' };
import teamJson from './team.json' with { type: 'json' };
import ticketJson from './ticket.json' with { type: 'json' };
import userJson from './user.json' with { type: 'json' };

/** The compiler reads every string of a JSON file as `string`; the registry checks the form when it is built, and a test does. */
const known = (definition: unknown): EntityDefinition => definition as EntityDefinition;

export const builtInEntities: readonly EntityDefinition[] = [
  leadJson,
  contactJson,
  companyJson,
  dealJson,
  taskJson,
  ticketJson,
  orderJson,
  invoiceJson,
  contractJson,
  productJson,
  userJson,
  teamJson,
  messageJson,
  callJson,
  meetingJson,
  formSubmissionJson,
].map(known);
