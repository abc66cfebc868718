/** How large the compared months are. */
export const DAYS = 30;
/** Deals that come in a mean month: more than eight people have time for. */
export const PER_MONTH = 800;
/** A month in which there is time for all of them. */
export const QUIET = 200;
