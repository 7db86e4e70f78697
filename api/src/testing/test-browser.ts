/** What a test sees of an answer. */
export interface TestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

export type SendRequest = (request: Request) => Promise<Response>;

export interface RequestParts {
  readonly body?: unknown;
  readonly rawBody?: string;
  readonly headers?: Record<string, string>;
}

/** A browser in front of the instance: it keeps cookies and says where its requests come from. */
export interface TestBrowser {
  send(method: string, path: string, parts?: RequestParts): Promise<TestAnswer>;
  readonly cookies: Map<string, string>;
}

export function createTestBrowser(sendRequest: SendRequest, baseUrl = 'http://localhost:4321'): TestBrowser {
  const cookies = new Map<string, string>();
  return {
    cookies,
    send: async (method, path, { body, rawBody, headers } = {}) => {
      const text = rawBody ?? (body === undefined ? undefined : JSON.stringify(body));
      const request = new Request(new URL(path, baseUrl), {
        method,
        headers: {
          ...(method === 'GET' ? {} : { origin: 'http://localhost:4321', 'sec-fetch-site': 'same-origin' }),
          ...(text === undefined ? {} : { 'content-type': 'application/json' }),
          ...(cookies.size > 0 ? { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') } : {}),
          ...headers,
        },
        ...(text === undefined ? {} : { body: text }),
      });
      const response = await sendRequest(request);
      keepCookies(cookies, response);
      return readAnswer(response);
    },
  };
}

function keepCookies(cookies: Map<string, string>, response: Response): void {
  for (const line of response.headers.getSetCookie()) {
    const [pair = ''] = line.split(';');
    const name = pair.slice(0, pair.indexOf('='));
    if (line.includes('Max-Age=0')) cookies.delete(name);
    else cookies.set(name, pair.slice(pair.indexOf('=') + 1));
  }
}

async function readAnswer(response: Response): Promise<TestAnswer> {
  const text = await response.text();
  const isJson = (response.headers.get('content-type') ?? '').includes('json');
  return { status: response.status, headers: response.headers, text, json: isJson ? (JSON.parse(text) as Record<string, unknown>) : {} };
}
