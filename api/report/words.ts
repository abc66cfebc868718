/** The words of the page, in English and Russian. */
export type Locale = 'en' | 'ru';

/** Numbers as they stand in a sentence. */
interface Sums {
  auc: string;
  logLoss: string;
  base: string;
  ece: string;
  brier: string;
}

const en = {
  rows: 'Outcomes',
  successes: 'Successes',
  judged: 'Judged',
  kind: 'Model',
  kinds: { regression: 'regression', trees: 'regression with trees' },
  ways: {
    latest: 'the latest ones, by what was known before',
    time: 'each part by what was known before it',
    chance: 'each part by the others, drawn by chance',
    training: 'what the training kept apart',
  },
  good: 'It foretells better than the share of successes alone.',
  bad: 'It does not foretell better than the share of successes alone. Do not use it.',
  figures: 'Figures',
  auc: 'AUC',
  logLoss: 'Log-loss',
  ece: 'Calibration error',
  brier: 'Brier score',
  aucSays: ({ auc }: Sums) => `Of a success and a failure, the success has the higher probability ${auc} times in 100. Chance alone: 50.`,
  logLossSays: ({ base }: Sums) =>
    `How surprising the outcomes were; less is better.${base === '' ? '' : ` Who only knows the share of successes: ${base}.`}`,
  eceSays: ({ ece }: Sums) => `Between what was said and what came lie ${ece} percentage points in the mean.`,
  brierSays: () => 'The mean squared distance between probability and outcome; less is better.',
  reliability: 'Is what is said true?',
  reliabilitySays:
    'Rows of like probability are one point, larger where there are more of them. On the broken line as much came as was said; the upright lines show what chance alone may do (95 of 100).',
  said: 'said',
  came: 'came',
  probability: 'probability',
  number: 'rows',
  roc: 'Does it tell successes from failures?',
  rocSays:
    'Each bound on the probability finds a share of the successes and takes a share of the failures with it. The broken line is chance.',
  rocX: 'failures taken along',
  rocY: 'successes found',
  gains: 'Whom to begin with?',
  gainsSays: (few: string, many: string) =>
    `Among the likeliest ${few} are ${many} of the successes. The broken line is work without any order.`,
  gainsX: 'rows, the likeliest first',
  gainsY: 'successes among them',
  drift: 'Does it last?',
  driftSays: 'What was said (broken) and what came (solid), one period after the other.',
  time: 'time',
  share: 'share of successes',
  period: 'from',
  population: 'population',
  verdicts: { stable: 'as in the first period', moved: 'has moved', shifted: 'is another' },
  alarm: {
    over: (at: string) => `The alarm rang at ${at}: from there on the model promises too much. Train it anew.`,
    under: (at: string) => `The alarm rang at ${at}: from there on more succeeds than the model says. Train it anew.`,
  },
  calm: 'No alarm: what came fits what was said.',
  noDrift: 'The rows have no time, so nothing can be said of drift.',
  importance: 'What moves the probability?',
  importanceSays:
    'How much a field moves the log-odds from row to row; beside it the values that raise and lower them most. +0.7 doubles the odds.',
  unknown: 'not known',
  leftOut: 'What was left out, and why',
  nothing: 'Nothing.',
  why: {
    leak: 'tells the outcome too well alone: it was written after it',
    same: 'says the same as',
    constant: 'says the same in every row',
  },
  late: (late: number, filled: number) => `was first filled with the outcome or after it in ${late} of ${filled} records`,
  lateLeft: 'left out',
  lateKept: 'kept',
  open: (count: string) => `${count} rows without an outcome`,
  broken: (count: string) => `${count} rows that could not be read`,
  notes: {} as Readonly<Record<string, string>>,
  noCurves: 'There are no curves: the version was trained before they were kept, or had too few outcomes to hold some out. Train it anew.',
} as const;

type Shape<T> = {
  readonly [K in keyof T]: T[K] extends string ? string : T[K] extends (...args: infer A) => string ? (...args: A) => string : Shape<T[K]>;
};
export type Words = Shape<typeof en>;

const ru: Words = {
  rows: 'Исходы',
  successes: 'Успехи',
  judged: 'Оценено',
  kind: 'Модель',
  kinds: { regression: 'регрессия', trees: 'регрессия с деревьями' },
  ways: {
    latest: 'самые поздние — по тому, что было известно раньше',
    time: 'каждая часть — по тому, что было известно до неё',
    chance: 'каждая часть — по остальным, случайно выбранным',
    training: 'то, что отложено при обучении',
  },
  good: 'Модель предсказывает лучше, чем одна лишь доля успехов.',
  bad: 'Модель предсказывает не лучше, чем одна лишь доля успехов. Не используйте её.',
  figures: 'Показатели',
  auc: 'AUC',
  logLoss: 'Логарифмическая ошибка',
  ece: 'Ошибка калибровки',
  brier: 'Оценка Брайера',
  aucSays: ({ auc }) => `Из успеха и неудачи вероятность выше у успеха в ${auc} случаях из 100. Наугад — в 50.`,
  logLossSays: ({ base }) => `Насколько неожиданны исходы; меньше — лучше.${base === '' ? '' : ` Если знать лишь долю успехов: ${base}.`}`,
  eceSays: ({ ece }) => `Обещанное и сбывшееся расходятся в среднем на ${ece} процентного пункта.`,
  brierSays: () => 'Средний квадрат расстояния между вероятностью и исходом; меньше — лучше.',
  reliability: 'Сбывается ли обещанное?',
  reliabilitySays:
    'Строки с близкой вероятностью — одна точка: чем их больше, тем она крупнее. На пунктире сбылось столько, сколько обещано; вертикальные линии — что бывает случайно (95 из 100).',
  said: 'обещано',
  came: 'сбылось',
  probability: 'вероятность',
  number: 'строк',
  roc: 'Отличает ли она успех от неудачи?',
  rocSays: 'Каждый порог вероятности находит часть успехов и захватывает часть неудач. Пунктир — выбор наугад.',
  rocX: 'захвачено неудач',
  rocY: 'найдено успехов',
  gains: 'С кого начать?',
  gainsSays: (few, many) => `Среди ${few} самых вероятных строк — ${many} успехов. Пунктир — работа без всякого порядка.`,
  gainsX: 'строки, сначала самые вероятные',
  gainsY: 'успехов среди них',
  drift: 'Надолго ли её хватает?',
  driftSays: 'Обещанное (пунктир) и сбывшееся (сплошная), период за периодом.',
  time: 'время',
  share: 'доля успехов',
  period: 'с',
  population: 'состав',
  verdicts: { stable: 'как в первом периоде', moved: 'сместился', shifted: 'другой' },
  alarm: {
    over: (at) => `Тревога: ${at}. С этого времени модель обещает слишком много. Обучите её заново.`,
    under: (at) => `Тревога: ${at}. С этого времени успехов больше, чем обещает модель. Обучите её заново.`,
  },
  calm: 'Тревоги нет: сбывается то, что обещано.',
  noDrift: 'У строк нет времени, поэтому о дрейфе сказать нечего.',
  importance: 'Что влияет на вероятность?',
  importanceSays:
    'Насколько поле меняет логарифм шансов от строки к строке; рядом значения, которые сильнее всего его повышают и понижают. +0,7 удваивает шансы.',
  unknown: 'неизвестно',
  leftOut: 'Что не учтено и почему',
  nothing: 'Ничего.',
  why: {
    leak: 'слишком хорошо выдаёт исход: записано после него',
    same: 'говорит то же, что и',
    constant: 'одинаково во всех строках',
  },
  late: (late, filled) => `впервые заполнено вместе с исходом или после него в ${late} из ${filled} записей`,
  lateLeft: 'не учтено',
  lateKept: 'учтено',
  open: (count) => `строки без исхода: ${count}`,
  broken: (count) => `строки, которые не удалось прочесть: ${count}`,
  notes: {
    MODEL_OUTCOME_FUTURE: 'Исход в будущем',
    MODEL_OUTCOME_EARLY: 'Исход известен раньше, чем на запись посмотрели',
    MODEL_OUTCOME_UNDATED: 'Не сказано, когда стал известен исход',
    MODEL_OUTCOME_BOTH: 'Успех и неудача сразу',
    MODEL_OUTCOME_FAILED: 'Условие исхода не удалось вычислить',
    MODEL_CLOSED_AT_CREATION: 'Запись пришла уже с исходом',
    MODEL_CURRENCIES: 'Суммы в разных валютах',
    MODEL_BROKEN: 'Прежнюю версию больше нельзя спросить',
  },
  noCurves: 'Кривых нет: версия обучена до того, как их стали хранить, или исходов слишком мало, чтобы отложить часть. Обучите её заново.',
};

export const WORDS: Readonly<Record<Locale, Words>> = { en, ru };
