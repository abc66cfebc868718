/** The shop's workflows with words for people in Russian: the same nodes and numbers, other texts. */
import type { Json, JsonObject } from '../../../schemas/json.ts';

const WORDS: Readonly<Record<string, { title: string; reason: string }>> = {
  mail: { title: 'Написать предложение', reason: 'Коротко: помещается между встречами.' },
  call: {
    title: 'Позвонить',
    reason: "= vars.days = 0 ? 'Обратились сегодня.' : 'Ждут уже ' & vars.days & ' дн.; с каждым днём интерес падает.'",
  },
  visit: { title: 'Съездить', reason: 'Сделка крупная: стоит съездить.' },
};

/** Titles and reasons of the actions, and the language of what the nodes say. */
export function inRussian(file: JsonObject): JsonObject {
  const settings = isObject(file.settings) ? file.settings : {};
  const nodes = isObject(file.nodes) ? file.nodes : {};
  return { ...file, settings: { ...settings, locale: 'ru' }, nodes: Object.fromEntries(Object.entries(nodes).map(nodeInRussian)) };
}

function nodeInRussian([id, node]: [string, Json]): [string, Json] {
  if (!isObject(node) || !isObject(node.params) || !Array.isArray(node.params.actions)) return [id, node];
  const actions = node.params.actions.map((one) => (isObject(one) ? { ...one, ...WORDS[String(one.action)] } : one));
  return [id, { ...node, params: { ...node.params, actions } }];
}

const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
