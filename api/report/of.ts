/** Versions of the workspace and evaluations of CSVs as what a page tells. */
import { basename } from 'node:path';
import type { ModelVersionRow } from '../../engine/store/queries/models.ts';
import type { EvaluationResult } from '../cli/learning/evaluate.ts';
import type { EvaluationMap } from '../cli/learning/map.ts';
import type { Judgement } from './judgement.ts';

const MOST_FACTORS = 15;

export function ofVersion({ version, trainedAt, definition, figures, report, model }: ModelVersionRow): Judgement {
  const { curves } = report;
  return {
    title: definition.name,
    of: `${definition.id}, ${version} · ${new Date(trainedAt).toISOString().slice(0, 10)}`,
    rows: figures.rows,
    successes: figures.successes,
    judged: figures.heldOut,
    judgedBy: figures.shadow === null ? 'training' : 'latest',
    kind: model.learned.forest === undefined ? 'regression' : 'trees',
    auc: figures.auc,
    logLoss: figures.logLoss,
    ece: figures.ece,
    baseLogLoss: curves?.baseLogLoss,
    brier: curves?.brier,
    reliability: curves?.reliability,
    curves,
    times: 'moments',
    factors: model.bins
      .map(({ name }, c) => ({ column: name, importance: model.importance[c] ?? 0, values: [] }))
      .filter(({ importance }) => importance > 0)
      .sort((a, b) => b.importance - a.importance)
      .slice(0, MOST_FACTORS),
    leftOut: report.leftOut,
    late: report.late,
    open: 0,
    broken: 0,
    notes: report.notes,
  };
}

export function ofCsv(told: EvaluationResult, file: string, map: EvaluationMap): Judgement {
  const { rows, successes, judged, judgedBy, kind, auc, logloss, ece, brier, baseLogloss, curves, factors, leftOut } = told;
  return {
    title: map.outcome.column,
    of: map.description === undefined ? basename(file) : `${basename(file)}: ${map.description}`,
    ...{ rows, successes, judged, judgedBy, kind, auc, ece, brier, curves, factors, leftOut },
    logLoss: logloss,
    baseLogLoss: baseLogloss,
    reliability: told.reliability,
    times: map.time === 'order' ? 'order' : 'moments',
    late: [],
    open: told.open,
    broken: told.broken,
    notes: told.notes,
  };
}
