export { compileTemplate, type Template, type TemplateEnvironment } from './template.ts';
