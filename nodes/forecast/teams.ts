import type { TeamEntity } from '../../engine/sdk.ts';

/** Whose deals are a team's. */
export const teamEntity: TeamEntity = { entity: 'team', members: 'members' };
