/** Forecasts of months: what will come in, plans of people, what channels bring. Pure; effects and storage are the caller's. */
export type { Deal } from './deal.ts';
export { type Forecast, forecast } from './forecast.ts';
export { channelPotential, plansOf } from './leads.ts';
export { qualityOf } from './quality.ts';
