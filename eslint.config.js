// Biome does format and the plain rules; eslint does what needs types: promises nobody waits for.
import tseslint from 'typescript-eslint';

export default tseslint.config({
  files: ['**/*.ts'],
  // .takt has copies of the benchmark's programs, beside the packages that they use.
  ignores: ['node_modules/**', '.takt/**'],
  languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true } },
  plugins: { '@typescript-eslint': tseslint.plugin },
  rules: {
    '@typescript-eslint/no-floating-promises': 'error',
    '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
    '@typescript-eslint/await-thenable': 'error',
    '@typescript-eslint/no-unsafe-assignment': 'off',
    '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  },
});
