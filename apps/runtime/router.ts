import type { HttpRequest, Reply } from './http-server';

export type Parameters = Readonly<Record<string, string>>;
export type Handler = (request: HttpRequest, parameters: Parameters) => Reply | Promise<Reply>;

export interface Route {
  readonly method: string;
  /** A template such as `/api/tasks/{id}`. */
  readonly path: string;
  readonly handle: Handler;
}

const match = (template: string, path: string): Parameters | undefined => {
  const expected = template.split('/');
  const actual = path.split('/');
  if (expected.length !== actual.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of expected.entries()) {
    const value = actual[index] ?? '';
    if (part.startsWith('{') && value !== '') parameters[part.slice(1, -1)] = value;
    else if (part !== value) return undefined;
  }
  return parameters;
};

/** The first route that fits answers; `otherwise` when none does. */
export const router =
  (routes: readonly Route[], otherwise: Handler) =>
  async (request: HttpRequest): Promise<Reply> => {
    for (const { method, path, handle } of routes) {
      if (method !== request.method) continue;
      const parameters = match(path, request.path);
      if (parameters) return handle(request, parameters);
    }
    return otherwise(request, {});
  };
