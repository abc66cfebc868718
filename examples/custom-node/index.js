/** What Takt loads: the nodes of this package, and connectors if it had any. */
import { mailDomain } from './mail-domain.js';

export default { nodes: [mailDomain] };
