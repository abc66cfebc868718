/** Forecasts of months: what will come in, plans of people, what channels bring. Pure; effects and storage are the caller's. */
export { type Deal, shareWon } from './deal.ts';
export { type Forecast, type ForecastMonth, forecast } from './forecast.ts';
export { channelPotential, type Plan, plansOf, type ReceivedLead } from './leads.ts';
export { qualityOf } from './quality.ts';
