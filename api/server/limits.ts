/** How much one caller and all of them together may ask for. */
import rateLimit from '@fastify/rate-limit';
import underPressure from '@fastify/under-pressure';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { TaktError } from '../../engine/index.ts';

export interface Limits {
  /** Requests a minute of one API key. Default 30,000. */
  perKey?: number;
  /** Requests a minute of one address on hooks and other open addresses. Default 12,000. */
  perAddress?: number;
  /** Requests a minute of one address that are refused for want of a valid key. Default 120. */
  refusedPerAddress?: number;
  /** Beyond this mean delay of the event loop, milliseconds, requests are sent away. Default 2,000; 0: never. */
  eventLoopDelayMs?: number;
  /** A request that has no answer after so many milliseconds gets 503. Default 60,000. */
  answerMs?: number;
  /** Requests under way at once, and the bytes of their bodies; more are sent away. Default 10,000 and 128 MB. */
  underWay?: { requests: number; bytes: number };
}

const MINUTE = 60_000;
/** Nobody waits longer for an answer: a database that hangs, or that keeps a lock, must not hold callers for ever. */
const ANSWER_MS = 60_000;
/** Bytes of a body where a route says nothing else. */
export const MAX_BODY = 1_000_000;

const tooMany = (ttlMs: number): TaktError => new TaktError('RATE_LIMITED', { transient: true, retryAfterMs: ttlMs });

/**
 * Who has no answer in time is told so; what the request has begun goes on. Fastify's own `handlerTimeout` is not used: as soon as a body has
 * been read it takes the request for gone, and stops its watch (fastify/fastify#6725).
 */
export function installDeadline(app: FastifyInstance, { answerMs = ANSWER_MS }: Limits): void {
  app.addHook('onRequest', (_request, reply, done) => {
    const watch = setTimeout(() => {
      // Of an answer that has begun the rest may take its time: files.
      if (!reply.sent && !reply.raw.headersSent) reply.send(new TaktError('ANSWER_LATE', { transient: true }));
    }, answerMs);
    reply.raw.once('close', () => clearTimeout(watch));
    done();
  });
}

/** Before everything else: a process that cannot keep up says so at once. */
export async function installPressure(app: FastifyInstance, { eventLoopDelayMs = 2_000 }: Limits): Promise<void> {
  await app.register(underPressure, {
    maxEventLoopDelay: eventLoopDelayMs,
    async pressureHandler(request) {
      // Whether the process lives must be told even then.
      if (request.routeOptions.url === '/health/live') return;
      throw new TaktError('OVERLOADED', { transient: true, message: 'The server has more to do than it can.' });
    },
  });
}

/**
 * What a request holds in memory it holds from its first byte to its answer: bodies, and what has been made of them. Counted before a byte
 * of the body is read, by its Content-Length, or by what is allowed where it names none.
 */
export function installUnderWay(app: FastifyInstance, limits: Limits): void {
  const { requests, bytes } = limits.underWay ?? { requests: 10_000, bytes: 128_000_000 };
  const now = { requests: 0, bytes: 0 };
  app.addHook('onRequest', async (request, reply) => {
    const { url, bodyLimit = MAX_BODY } = request.routeOptions;
    // They tell how it goes; and they hold nothing.
    if (url?.startsWith('/health')) return;
    const size = sizeOf(request, bodyLimit);
    if (now.requests >= requests || (now.bytes > 0 && now.bytes + size > bytes)) {
      throw new TaktError('OVERLOADED', { transient: true, message: 'More requests are under way than the server can keep.' });
    }
    now.requests++;
    now.bytes += size;
    let open = true;
    const over = (): void => {
      if (open) {
        now.requests--;
        now.bytes -= size;
      }
      open = false;
    };
    // A client that hangs up gets no answer, but its connection closes.
    reply.raw.once('finish', over).once('close', over);
  });
}

function sizeOf({ headers }: FastifyRequest, most: number): number {
  const said = headers['content-length'];
  if (said !== undefined) return Math.min(Number(said) || 0, most);
  return headers['transfer-encoding'] === undefined ? 0 : most;
}

/** @returns what counts a refused request of an address; throws RATE_LIMITED when there are too many */
export async function installRateLimit(app: FastifyInstance, limits: Limits): Promise<(request: FastifyRequest) => Promise<void>> {
  const { perKey = 30_000, perAddress = 12_000, refusedPerAddress = 120 } = limits;
  await app.register(rateLimit, {
    timeWindow: MINUTE,
    max: (_request, key) => (key.startsWith('key ') ? perKey : perAddress),
    keyGenerator: (request) => (request.caller ? `key ${request.caller.id}` : `address ${addressOf(request)}`),
    errorResponseBuilder: (_request, { ttl }) => tooMany(ttl),
  });
  const countRefused = app.createRateLimit({
    max: refusedPerAddress,
    timeWindow: MINUTE,
    keyGenerator: (request) => `refused ${addressOf(request)}`,
  });
  return async (request) => {
    const counted = await countRefused(request);
    if (!counted.isAllowed && counted.isExceeded) throw tooMany(counted.ttl);
  };
}

/** One household or server farm owns a whole /64 of IPv6: it counts as one address. */
const addressOf = (request: FastifyRequest): string => rateLimit.normalizeIP(request.ip, 64);
